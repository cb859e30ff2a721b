import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NgramModel } from './ngram.ts';
import { packNgrams, unpackNgrams } from './ngram-file.ts';
import { BOUNDARY } from './tokens.ts';

const model = NgramModel.learn([
  { key: 'a red boat', times: 3 },
  { key: 'a red house', times: 1 },
  { key: 'the red barn', times: 2 },
]);
const after = (text: string, beginning = '') =>
  model.following(text.split(' ').filter(Boolean), 5, beginning).map(({ token }) => token);

describe('NgramModel', () => {
  it('ranks by frequency in the longest context that was seen', () => {
    expect(after('a red')).toEqual(['boat', 'house', 'barn']); // barn only after "red" alone
    expect(after('the red')[0]).toBe('barn');
    expect(after('')).toEqual(['a', 'the']);
    expect(after('a red boat')).toEqual([BOUNDARY]);
  });

  it('scores by relative frequency, times 0.4 for each word of context given up', () => {
    const scores = Object.fromEntries(
      model.following(['a', 'red'], 5).map(({ token, score }) => [token, score]),
    );
    expect(scores.boat).toBeCloseTo(3 / 4);
    expect(scores.barn).toBeCloseTo((0.4 * 0.4 * 2) / 6); // "^ a red" and "a red" do not know it
  });

  it('goes on after words it never saw, and finishes words', () => {
    expect(after('a purple')).not.toEqual([]);
    expect(after('purple red')).toEqual(['boat', 'barn', 'house']);
    expect(after('the red', 'ho')).toEqual(['house']);
    expect(after('a', 'zz')).toEqual([]);
  });

  it('says how often it saw the last three tokens', () => {
    const seen = (text: string) => model.evidence(text.split(' '));
    expect(seen('a red')).toBe(4); // the beginning of the prompt is a token as well
    expect(seen('a purple red')).toBe(0); // a word that it does not know
    expect(seen('red')).toBe(0); // not three
  });

  it('counts words', () => {
    expect(model.wordCounts().get('red')).toBe(6);
  });

  it('survives being written to a file, but for long contexts that were seen once', () => {
    const again = unpackNgrams(packNgrams(model));
    expect(again.wordCounts()).toEqual(model.wordCounts());
    expect(again.following(['the', 'red'], 5)[0]).toEqual(model.following(['the', 'red'], 5)[0]);
    expect(again.following(['a', 'red', 'house'], 5)).not.toEqual(model.following(['a', 'red', 'house'], 5));
  });

  it('names a file that is none', () => {
    const file = gunzipSync(packNgrams(model));
    expect(() => unpackNgrams(gzipSync(file.subarray(0, -1)))).toThrow('ends early');
    expect(() => unpackNgrams(gzipSync(Buffer.concat([file, Buffer.of(0)])))).toThrow('more than it says');
  });
});
