import { describe, expect, it } from 'vitest';
import { readPerson } from './people.ts';
import { balanced } from './representation.ts';

const SEEDS = Array.from({ length: 1_800 }, (_, seed) => seed);
const drawn = (prompt: string) => SEEDS.map((seed) => balanced.draw(prompt, seed)?.text ?? '');

describe('balanced representation', () => {
  it('draws every combination of what is open about equally often', () => {
    const counts = new Map<string, number>();
    for (const text of drawn('a portrait of a doctor')) counts.set(text, (counts.get(text) ?? 0) + 1);
    expect(counts.size).toBe(2 * 3 * 3);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(50);
    expect([...counts.keys()].sort()[0]).toBe('a middle-aged man with dark skin');
  });

  it('never says anything about what is stated', () => {
    const forms: [prompt: string, always: RegExp][] = [
      ['a woman with glasses', /^an? (young|middle-aged|elderly) woman with (light|olive|dark) skin$/],
      ['a young doctor', /^a young (woman|man) with (light|olive|dark) skin$/],
      ['an old man', /^with (light|olive|dark) skin$/],
      ['a dark-skinned teacher', /^an? (young|middle-aged|elderly) (woman|man)$/],
      ['portrait of a child', /^a (girl|boy) with (light|olive|dark) skin$/],
      ['a young black woman', /^$/],
      ['a boat', /^$/],
      ['two doctors', /^$/],
    ];
    for (const [prompt, always] of forms)
      for (const text of drawn(prompt)) expect(text, prompt).toMatch(always);
  });

  it('draws what is alike for people who differ in something else', () => {
    const read = (prompt: string, trait: 'age' | 'skin') =>
      SEEDS.slice(0, 100).map((seed) => {
        const text = balanced.draw(prompt, seed)?.text ?? '';
        return trait === 'skin' ? /(\w+) skin/.exec(text)?.[1] : readPerson(text)?.age;
      });
    expect(read('a woman', 'skin')).toEqual(read('a man', 'skin'));
    expect(read('a woman', 'age')).toEqual(read('a man', 'age'));
    expect(read('an old woman', 'skin')).toEqual(read('a young woman', 'skin'));
    expect(read('a black woman', 'age')).toEqual(read('a white woman', 'age'));
  });
});
