/** Mutated prompts for fuzzing: disguises, splices, and characters that text handling trips over. */
import { type Disguised, EVASIONS, HARMLESS_LOOKING, UNSAFE } from './evasions.fixture.ts';

/** A number from 0 to `below`, exclusive. */
export type Random = (below: number) => number;

/** Park and Miller's generator: enough for a fuzz, the same every time. */
export function random(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const SEEDS = [...UNSAFE, ...HARMLESS_LOOKING];
const ODD = [
  ...'aeilnst04 .-*@$!',
  ...['\u200d', '\u202e', '\u0301', '\ufeff', '\u00ad', '\ud83d', '\udc00', '\u0007', '\u2028', '\ufdfa'],
  ...['👩‍👩‍👧', 'ß', 'İ', 'ﬃ', '漢', 'п', '\n', '🇺'],
];
const pick = <T>(from: readonly T[], next: Random): T => from[next(from.length)] as T;

const CHANGES: readonly ((text: string, next: Random) => string)[] = [
  (text, next) => insert(text, next, 0, pick(ODD, next)),
  (text, next) => insert(text, next, 1, pick(ODD, next)),
  (text, next) => insert(text, next, 1 + next(8), ''),
  (text, next) => insert(text, next, 0, pick(SEEDS, next).slice(next(20))),
  (text, next) => text.slice(next(Math.max(1, text.length))) + text,
  (text, next) => EVASIONS[pick(Object.keys(EVASIONS), next)]?.(text).prompt ?? text,
];

/** Replaces `length` UTF-16 units somewhere, so that characters may break in two. */
function insert(text: string, next: Random, length: number, piece: string): string {
  const at = next(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at + length);
}

/** A prompt, and sometimes a negative one, that one to five changes made of a composed prompt; longer than allowed at times. */
export function mutated(next: Random): Disguised {
  let text = pick(SEEDS, next);
  for (let change = 0; change <= next(5); change++) text = pick(CHANGES, next)(text, next);
  if (next(4) > 0) return { prompt: text };
  const cut = next(text.length + 1);
  return { prompt: text.slice(0, cut), negative: text.slice(cut) };
}
