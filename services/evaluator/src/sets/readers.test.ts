import { expect, test } from 'vitest';
import { openPromptSet } from './open.ts';
import { readDrawBench, readerFor, readGenEval, readPartiPrompts, readPlainText } from './readers.ts';

test('DrawBench: quoted commas and line ends belong to the prompt', () => {
  const csv = 'Prompts,Category\r\n"A red car, and a ""blue"" one.",Colors\nTwo dogs.,Counting\n';
  expect(readDrawBench(csv)).toEqual([
    { text: 'A red car, and a "blue" one.', category: 'Colors' },
    { text: 'Two dogs.', category: 'Counting' },
  ]);
});

test('PartiPrompts: tabs part, quotes are text', () => {
  const tsv = 'Prompt\tCategory\tChallenge\tNote\na "stop" sign\tArtifacts\tBasic\n';
  expect(readPartiPrompts(tsv)).toEqual([{ text: 'a "stop" sign', category: 'Artifacts' }]);
});

test('GenEval: the prompt and its tag', () => {
  expect(readGenEval('{"tag":"counting","include":[],"prompt":"two cats"}\n\n')).toEqual([
    { text: 'two cats', category: 'counting' },
  ]);
  expect(() => readGenEval('{"text":"two cats"}')).toThrow(/line 1/);
});

test('plain text: a line a prompt, without comments', () => {
  expect(readPlainText('# about\n a cat \n\na dog')).toEqual([
    { text: 'a cat', category: '' },
    { text: 'a dog', category: '' },
  ]);
});

test('what has no prompts or no reader is refused by name', async () => {
  expect(() => readDrawBench('Text,Category\nx,y\n')).toThrow(/row 1 has no "Prompts"/);
  expect(() => readerFor('prompts.xlsx')).toThrow(/prompts.xlsx/);
  await expect(openPromptSet('starter:0')).rejects.toThrow(/starter:0/);
});

test('the own set is the same each time, and a part of it is its beginning', async () => {
  const [whole, part] = [await openPromptSet('starter:12'), await openPromptSet('starter', 5)];
  expect(await openPromptSet('starter:12')).toEqual(whole);
  expect(part.prompts).toEqual(whole.prompts.slice(0, 5));
  expect(part.digest).not.toBe(whole.digest);
  expect(Object.keys(whole.prompts[0]?.stated ?? {}).length).toBeGreaterThan(1);
});
