/** A prompt and its negative prompt → scores by category, with the places that gave them. Pure. */
import type { ModelIdentity } from '@atelier/models';
import { firmCategories } from './firm.ts';
import { isReadable } from './language.ts';
import { compileLexicon, type Lexicon } from './lexicon.ts';
import { findConcepts, type Hit } from './match.ts';
import { isTagList } from './negative.ts';
import type { Category, Policy } from './policy/schema.ts';
import { type Firing, fire } from './rules.ts';
import { highest, type Scores, score } from './score.ts';
import { canonical } from './text/canonical.ts';
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

/** A text as a reader takes it, disguises lifted, for the classifier. */
export interface Reading {
  readonly words: readonly string[];
  /** The text that `length` counts, in code points, and that answers for what is found. */
  readonly subject: 'prompt' | 'negative';
  readonly length: number;
}

export interface Screening {
  /** The classifier that joined the rules. */
  readonly judgedBy?: ModelIdentity;
  readonly scores: Scores;
  readonly findings: readonly Finding[];
  /** Concepts that are there, harmful or not. */
  readonly present: ReadonlySet<string>;
  /** Categories whose rules no classifier overrules. */
  readonly firm: ReadonlySet<Category>;
  /** The prompt, then the two texts as one where the negative prompt is prose. */
  readonly readings: readonly Reading[];
}

export interface Screener {
  readonly policy: Policy;
  /** True when a text reads as the policy's language, ordinary words and the policy's, or is too short to tell. */
  readonly canRead: (text: string) => boolean;
  /** Never throws for any string, well-formed or not. */
  screen(prompt: string, negative?: string): Screening;
}

/** A screener for one policy; compiling takes about 0.2 s, most of it the dictionary. */
export function createScreener(policy: Policy, dictionary: Dictionary = englishDictionary()): Screener {
  const lexicon = compileLexicon(policy, dictionary);
  return {
    policy,
    canRead: (text) => isReadable(text, (word) => dictionary.has(word) || lexicon.has(word)),
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
  const read = (text: MappedText): Read[] => {
    const lattice = readLattice(text, reader);
    // Letters spelt out drive words apart; in the plain text they are as near as the rules take them to be.
    const plain = canonical(lattice, dictionary, lexicon.has);
    return [lattice, plain].map((each) => ({ lattice: each, hits: findConcepts(each, lexicon) }));
  };
  const alone = read(fold(prompt));
  const own: Screening = {
    ...alone.map((reading) => judge(policy, reading, promptLength)).reduce(strongest),
    readings: [{ words: plainWords(alone), subject: 'prompt', length: promptLength }],
  };
  if (negative.trim() === '') return own;

  // What is hidden by cutting a text in two appears when the halves stand together, with and without a space.
  const tags = isTagList(negative);
  const length = [...negative].length;
  const joined = [' ', ''].map((glue): Screening => {
    const opening = fold(prompt + glue);
    const whole = read(concatenate(opening, fold(negative), promptLength + glue.length));
    const judged = whole.map((reading) => {
      const isAvoided = (hit: Hit): boolean =>
        tags && latticeSpan(reading.lattice, hit.from, hit.to).start >= promptLength;
      return judge(policy, reading, promptLength, glue.length, isAvoided);
    });
    const readings: Reading[] = tags ? [] : [{ words: plainWords(whole), subject: 'negative', length }];
    return { ...judged.reduce(strongest), readings };
  });
  return joined.reduce(both, own);
}

function both(a: Screening, b: Screening): Screening {
  return { ...strongest(a, b), readings: [...a.readings, ...b.readings] };
}

function strongest(a: Ruling, b: Ruling): Ruling {
  return {
    scores: highest(a.scores, b.scores),
    findings: distinct([...a.findings, ...b.findings]),
    present: new Set([...a.present, ...b.present]),
    firm: new Set([...a.firm, ...b.firm]),
  };
}

/** The words of a text's last reading, the plain one. */
function plainWords(readings: readonly Read[]): string[] {
  return readings.at(-1)?.lattice.words.map((word) => word.text) ?? [];
}

/** What the rules say. */
type Ruling = Omit<Screening, 'readings'>;

interface Read {
  readonly lattice: Lattice;
  readonly hits: readonly Hit[];
}

function judge(
  policy: Policy,
  reading: Read,
  promptLength: number,
  glue = 0,
  isAvoided: (hit: Hit) => boolean = () => false,
): Ruling {
  const counts = (firing: Firing): boolean =>
    !policy.avoidable.includes(firing.rule.category) || !firing.hits.some(isAvoided);
  const firings = fire(policy, reading.hits).filter(counts);
  const present = new Set(reading.hits.map((hit) => hit.concept));
  const findings = firings.flatMap(({ rule, hits }) =>
    hits.flatMap((hit) =>
      locate(rule.id, latticeSpan(reading.lattice, hit.from, hit.to), promptLength, glue),
    ),
  );
  const firm = firmCategories(policy, firings);
  return { scores: score(policy, firings, present), findings: distinct(findings), present, firm };
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
