import { expect, test } from 'vitest';
import { StepTimes } from './step-times.ts';

test('learns each shape, guesses the others from the last, follows a change', () => {
  const times = new StepTimes();
  expect(times.rowMs('a')).toBe(0);
  for (const ms of [10, 20, 30]) times.learn('a', ms);
  expect(times.rowMs('a')).toBeCloseTo(20);
  expect(times.rowMs('b')).toBeCloseTo(20);
  times.learn('b', 5);
  expect(times.rowMs('b')).toBe(5);
  for (let i = 0; i < 1000; i++) times.learn('a', 50);
  expect(times.rowMs('a')).toBeCloseTo(50, 1);
});

test('memory is bounded whatever shapes come', () => {
  const times = new StepTimes();
  for (let i = 0; i < 1000; i++) times.learn(`key ${i}`, i + 1);
  expect(times.rowMs('key 0')).toBe(1000);
  expect(times.rowMs('key 999')).toBe(1000);
});
