import { create, GenerationSchema, GenerationState } from '@atelier/contracts';
import { describe, expect, it } from 'vitest';
import { LearnedPrompts } from './learned-prompts.ts';
import { mayTeach } from './learning.ts';

const add = (prompts: LearnedPrompts, text: string, times: number): boolean[] =>
  Array.from({ length: times }, () => prompts.add(text));

describe('LearnedPrompts', () => {
  it('offers a prompt from its third generation on, however it was spaced and capitalised', () => {
    const prompts = new LearnedPrompts({ minTimes: 3, maxPrompts: 10 });
    expect(add(prompts, 'A green  whale', 2)).toEqual([false, false]);
    expect(prompts.popular()).toEqual([]);
    expect(prompts.add('a green whale ')).toBe(true);
    expect(prompts.popular()).toEqual([{ text: 'a green whale', popularity: 30 }]);
    expect(add(prompts, 'a green whale', 3)).toEqual([false, false, true]);
    prompts.drop('A green whale');
    expect(prompts.popular()).toEqual([]);
  });

  it('keeps what could be somebody’s own', () => {
    const prompts = new LearnedPrompts({ minTimes: 1, maxPrompts: 10 });
    for (const own of ['mail to ann@example.org', 'see https://example.org', 'call 555 01234', '', ' '])
      expect(prompts.add(own)).toBe(false);
    expect(prompts.popular()).toEqual([]);
  });

  it('gives its prompts in the order of an index, and forgets the oldest', () => {
    const prompts = new LearnedPrompts({ minTimes: 1, maxPrompts: 2 });
    for (const text of ['zebra', 'Boat', 'apple']) prompts.add(text);
    expect(prompts.popular().map(({ text }) => text)).toEqual(['apple', 'Boat']);
  });
});

describe('mayTeach', () => {
  const of = (state: GenerationState, isPrivate: boolean) =>
    mayTeach(create(GenerationSchema, { state, private: isPrivate }));

  it('takes what succeeded and was not private', () => {
    expect(of(GenerationState.SUCCEEDED, false)).toBe(true);
    expect(of(GenerationState.SUCCEEDED, true)).toBe(false);
    for (const state of [GenerationState.BLOCKED, GenerationState.FAILED, GenerationState.CANCELLED])
      expect(of(state, false)).toBe(false);
  });
});
