import { GenerationState } from '@atelier/contracts';
import { describe, expect, test } from 'vitest';
import { isFinal, mayFollow, stateName, transition } from './state.ts';

const { UNSPECIFIED, ACCEPTED, QUEUED, RUNNING, SUCCEEDED, FAILED, BLOCKED, CANCELLED } = GenerationState;
const ALL = [UNSPECIFIED, ACCEPTED, QUEUED, RUNNING, SUCCEEDED, FAILED, BLOCKED, CANCELLED];
const FINAL: GenerationState[] = [SUCCEEDED, FAILED, BLOCKED, CANCELLED];

describe('the life of a generation', () => {
  test('four states are final, and nothing follows them', () => {
    expect(ALL.filter(isFinal)).toEqual(FINAL);
    for (const from of FINAL) for (const to of ALL) expect(mayFollow(from, to)).toBe(false);
  });

  test('every path from the start ends in a final state exactly once', () => {
    const endings = new Set<GenerationState>();
    const walk = (state: GenerationState, depth: number): void => {
      if (isFinal(state)) {
        endings.add(state);
        return;
      }
      const next = ALL.filter((to) => mayFollow(state, to));
      expect(next, stateName(state)).not.toHaveLength(0);
      // RUNNING may repeat for as long as workers die.
      if (depth < 6) for (const to of next) walk(to, depth + 1);
    };
    walk(UNSPECIFIED, 0);
    expect([...endings].sort()).toEqual(FINAL);
  });

  test('a picture or a verdict comes from running only', () => {
    for (const to of [SUCCEEDED, BLOCKED]) {
      expect(ALL.filter((from) => mayFollow(from, to))).toEqual([RUNNING]);
    }
  });

  test('another worker may take over, and a fast one may come before the note that the job was queued', () => {
    expect(transition(RUNNING, RUNNING)).toBe(RUNNING);
    expect(transition(ACCEPTED, RUNNING)).toBe(RUNNING);
  });

  test('an illegal step is named', () => {
    expect(() => transition(CANCELLED, SUCCEEDED)).toThrow('from CANCELLED to SUCCEEDED');
    expect(() => transition(RUNNING, QUEUED)).toThrow('from RUNNING to QUEUED');
  });
});
