import {
  create,
  GenerationSchema,
  ProgressSchema,
  StageFinishedSchema,
  StageStartedSchema,
} from '@atelier/contracts';
import { describe, expect, it } from 'vitest';
import type { WatchEvent } from '../watch.ts';
import { createProgress } from './progress.ts';

const EVENTS: WatchEvent[] = [
  {
    case: 'snapshot',
    value: create(GenerationSchema, { stages: [{ name: 'queue', durationMs: 12 }, { name: 'diffusion' }] }),
  },
  { case: 'stageStarted', value: create(StageStartedSchema, { name: 'diffusion' }) },
  { case: 'progress', value: create(ProgressSchema, { step: 1, steps: 2 }) },
  { case: 'progress', value: create(ProgressSchema, { step: 2, steps: 2 }) },
  { case: 'stageFinished', value: create(StageFinishedSchema, { name: 'diffusion', durationMs: 1234 }) },
];

function shown(isTTY: boolean): string {
  let text = '';
  const progress = createProgress({ isTTY, columns: 60, write: (part) => (text += part) });
  for (const event of EVENTS) progress.event(event);
  progress.end();
  return text;
}

describe('progress', () => {
  it('is one line that changes on a terminal', () => {
    const text = shown(true);
    expect(text.match(/\n/g)).toHaveLength(2);
    expect(text).toContain('diffusion [████████████            ] step 1 of 2');
    expect(text).toMatch(/queue +0\.01 s\n/);
    expect(text).toMatch(/\r.\[2Kdiffusion +1\.23 s\n$/u);
  });

  it('is plain lines elsewhere', () => {
    expect(shown(false).split('\n')).toEqual([
      'queue                0.01 s',
      'diffusion …',
      'diffusion [████████████            ] step 1 of 2',
      'diffusion [████████████████████████] step 2 of 2',
      'diffusion            1.23 s',
      '',
    ]);
  });

  it('tells each stage once, also those that only a snapshot knows', () => {
    let text = '';
    const progress = createProgress({ write: (part) => (text += part) });
    const stages = ['queue', 'prompt-safety', 'prompt-safety', 'store'].map((name) => ({
      name,
      durationMs: 10,
    }));
    progress.event({ case: 'snapshot', value: create(GenerationSchema, { stages: stages.slice(0, 2) }) });
    for (const value of stages.slice(3))
      progress.event({ case: 'stageFinished', value: create(StageFinishedSchema, value) });
    progress.event({ case: 'finished', value: create(GenerationSchema, { stages }) });
    expect(text.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'queue',
      'prompt-safety',
      'store',
      'prompt-safety',
      '',
    ]);
  });

  it('does not drown a log in a thousand steps', () => {
    let lines = 0;
    const progress = createProgress({ write: () => lines++ });
    for (let step = 1; step <= 1000; step++)
      progress.event({ case: 'progress', value: create(ProgressSchema, { step, steps: 1000 }) });
    expect(lines).toBe(50);
  });
});
