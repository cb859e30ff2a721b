import { setTimeout as sleep } from 'node:timers/promises';
import { create, type GenerationRecord, GenerationRecordSchema, GenerationSchema } from '@atelier/contracts';
import { expect, test } from 'vitest';
import { RecordWriter } from './record-writer.ts';
import type { GenerationStore } from './store.ts';

/** A store that keeps the id of every record it was given. */
function storeOf(written: string[]): GenerationStore {
  const write = async (value: GenerationRecord, revision: number) => {
    await sleep(1);
    written.push(value.generation?.id ?? '');
    return { value, revision: revision + 1 };
  };
  return { write } as unknown as GenerationStore;
}

const record = () => ({
  value: create(GenerationRecordSchema, { generation: create(GenerationSchema) }),
  revision: 1,
});

test('many changes are few writes, and the last one does not wait for the pause between them', async () => {
  const written: string[] = [];
  const writer = new RecordWriter(storeOf(written), record(), () => {});
  for (let step = 0; step < 20; step++) {
    writer.change((generation) => {
      generation.id = `step ${step}`;
    });
    await sleep(2);
  }
  const began = performance.now();
  const kept = await writer.changeNow((generation) => {
    generation.id = 'done';
  });
  expect(kept).toBe(true);
  expect(performance.now() - began).toBeLessThan(250);
  expect(written.at(-1)).toBe('done');
  expect(written.length).toBeLessThanOrEqual(3);
});

test('pauses again after a write that could not wait', async () => {
  const written: string[] = [];
  const writer = new RecordWriter(storeOf(written), record(), () => {});
  await writer.changeNow((generation) => {
    generation.id = 'begun';
  });
  for (const step of ['one', 'two', 'three', 'four']) {
    writer.change((generation) => {
      generation.id = step;
    });
    await sleep(5);
  }
  expect(written).toEqual(['begun', 'one']);
  await writer.stop();
});
