/** A prompt and its negative prompt → scores by category, with the places that gave them. Pure. */
import { compileLexicon, type Lexicon } from './lexicon.ts';
import { findConcepts, type Hit } from './match.ts';
import { isTagList } from './negative.ts';
import type { Policy } from './policy/schema.ts';
import { type Firing, fire } from './rules.ts';
import { highest, type Scores, score } from './score.ts';
import { type Dictionary, englishDictionary } from './text/dictionary.ts';
import { fold } from './text/fold.ts';
import { type Lattice, latticeSpan, readLattice } from './text/lattice.ts';
import { concatenate, type MappedText, type Span } from './text/mapped.ts';

/** Where a rule found its words. */
export interface Finding extends Span {
  readonly rule: string;
  /** The text that `start` and `end` count in. */
  readonly subject: 'prompt' | 'negative';
}

export interface Screening {
  readonly scores: Scores;
  readonly findings: readonly Finding[];
}

export interface Screener {
  readonly policy: Policy;
  /** True for ordinary words and words of the policy: what a text in its language is mostly made of. */
  isKnownWord(word: string): boolean;
  /** Never throws for any string, well-formed or not. */
  screen(prompt: string, negative?: string): Screening;
}

/** A screener for one policy; compiling takes about 0.2 s, most of it the dictionary. */
export function createScreener(policy: Policy, dictionary: Dictionary = englishDictionary()): Screener {
  const lexicon = compileLexicon(policy, dictionary);
  return {
    policy,
    isKnownWord: (word) => dictionary.has(word) || lexicon.has(word),
    screen: (prompt, negative = '') => screen(policy, lexicon, dictionary, prompt, negative),
  };
}

function screen(
  policy: Policy,
  lexicon: Lexicon,
  dictionary: Dictionary,
  prompt: string,
  negative: string,
): Screening {
  const reader = { dictionary, disguises: lexicon.disguises, isPolicyWord: lexicon.has };
  const promptLength = [...prompt].length;
  const read = (text: MappedText): { lattice: Lattice; hits: Hit[] } => {
    const lattice = readLattice(text, reader);
    return { lattice, hits: findConcepts(lattice, lexicon) };
  };
  const own = judge(policy, read(fold(prompt)), promptLength);
  if (negative.trim() === '') return own;

  // What is hidden by cutting a text in two appears when the halves stand together, with and without a space.
  const tags = isTagList(negative);
  const joined = [' ', ''].map((glue) => {
    const first = fold(prompt + glue);
    const reading = read(concatenate(first, fold(negative), promptLength + glue.length));
    const isAvoided = (hit: Hit): boolean =>
      tags && latticeSpan(reading.lattice, hit.from, hit.to).start >= promptLength;
    return judge(policy, reading, promptLength, glue.length, isAvoided);
  });
  return joined.reduce(
    (a, b) => ({ scores: highest(a.scores, b.scores), findings: distinct([...a.findings, ...b.findings]) }),
    own,
  );
}

function judge(
  policy: Policy,
  reading: { lattice: Lattice; hits: readonly Hit[] },
  promptLength: number,
  glue = 0,
  isAvoided: (hit: Hit) => boolean = () => false,
): Screening {
  const counts = (firing: Firing): boolean =>
    !policy.avoidable.includes(firing.rule.category) || !firing.hits.some(isAvoided);
  const firings = fire(policy, reading.hits).filter(counts);
  const present = new Set(reading.hits.map((hit) => hit.concept));
  const findings = firings.flatMap(({ rule, hits }) =>
    hits.flatMap((hit) =>
      locate(rule.id, latticeSpan(reading.lattice, hit.from, hit.to), promptLength, glue),
    ),
  );
  return { scores: score(policy, firings, present), findings: distinct(findings) };
}

/** A place that crosses from the prompt into the negative prompt is one in each. */
function locate(rule: string, { start, end }: Span, promptLength: number, glue: number): Finding[] {
  const found: Finding[] = [];
  if (start < promptLength) found.push({ rule, subject: 'prompt', start, end: Math.min(end, promptLength) });
  const offset = promptLength + glue;
  if (end > offset)
    found.push({ rule, subject: 'negative', start: Math.max(start - offset, 0), end: end - offset });
  return found;
}

function distinct(findings: readonly Finding[]): Finding[] {
  const key = (finding: Finding): string =>
    `${finding.rule} ${finding.subject} ${finding.start} ${finding.end}`;
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}
