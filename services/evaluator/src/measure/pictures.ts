/** Figures of one model on a prompt set, and what two models are compared by. Pure. */
import { clipScore, frechetDistance, inceptionScore, meanOf, rPrecision, vendiScore } from '@atelier/metrics';
import { shareSeen } from '@atelier/scenes';
import type { Look } from '../judge/eyes.ts';
import type { DrawnRecord } from '../run/folder.ts';
import type { SetPrompt } from '../sets/prompt-set.ts';
import type { Comparison } from '../verdict.ts';

/** A prompt, what became of it, and how the picture looks; no look without a picture. */
export interface Outcome {
  readonly prompt: SetPrompt;
  readonly record: DrawnRecord;
  readonly look?: Look | undefined;
}

/** An outcome with a picture. */
type Drawn = Outcome & { readonly look: Look };

export interface PictureFigures {
  readonly drawn: number;
  readonly blocked: number;
  readonly failed: number;
  /** Mean CLIPScore, 0..2.5. */
  readonly clipScore: number;
  /** Share of pictures nearest to their own caption among 100, 0..1. */
  readonly rPrecision: number;
  /** Share of stated attributes that the judge sees, 0..1; absent for sets that state none. */
  readonly attributes?: number;
  /** Of the features' classes; absent when the extractor tells none. */
  readonly inceptionScore?: number;
  /** Fréchet distance to the reference pictures. */
  readonly fid: number;
  /** Effective number of different pictures by the dual encoder (Vendi score), over their number: 0..1. */
  readonly diversity: number;
}

/** Figures of what one model drew. @param captions embeddings of all prompts, in order. */
export function figuresOf(
  outcomes: readonly Outcome[],
  captions: readonly Float32Array[],
  reference: readonly Float32Array[],
): PictureFigures {
  const places = outcomes.flatMap((outcome, i) => (outcome.look ? [i] : []));
  const drawn = places.map((place) => outcomes[place] as Drawn);
  const own = places.map((place) => captions[place] as Float32Array);
  const per = perPicture(drawn, own);
  const classes = drawn.flatMap(({ look }) => (look.classes ? [look.classes] : []));
  const attributes = meanOf(per.map((one) => one.attributes));
  const counted = (state: DrawnRecord['state']) =>
    outcomes.filter(({ record }) => record.state === state).length;
  return {
    drawn: drawn.length,
    blocked: counted('blocked'),
    failed: counted('failed'),
    clipScore: meanOf(per.map((one) => one.clipScore)),
    rPrecision: meanOf(per.map((one) => one.rPrecision)),
    ...(!Number.isNaN(attributes) && { attributes }),
    ...(classes.length > 0 && { inceptionScore: inceptionScore(classes).mean }),
    fid: drawn.length < 2 ? Number.NaN : frechetDistance(featuresOf(drawn), reference),
    diversity:
      drawn.length === 0 ? Number.NaN : vendiScore(drawn.map(({ look }) => look.embedding)) / drawn.length,
  };
}

const featuresOf = (drawn: readonly Drawn[]): Float32Array[] => drawn.map(({ look }) => look.features);

interface PerPicture {
  readonly clipScore: number;
  readonly rPrecision: number;
  readonly attributes: number;
}

function perPicture(drawn: readonly Drawn[], captions: readonly Float32Array[]): PerPicture[] {
  const precision = rPrecision(
    drawn.map(({ look }) => look.embedding),
    captions,
  );
  return drawn.map(({ prompt, look }, i) => ({
    clipScore: clipScore(look.embedding, captions[i] as Float32Array),
    rPrecision: precision[i] as number,
    attributes: prompt.stated ? shareSeen(prompt.stated, look.attributes) : Number.NaN,
  }));
}

/** Fréchet distances take long. */
const FID_RESAMPLES = 300;
/** Share of the production model's distance that a candidate's may exceed it by. */
const FID_TOLERANCE = 0.02;

/** What pictures are held against for the Fréchet distance. */
export interface Reference {
  readonly name: string;
  readonly features: readonly Float32Array[];
  /** False for pictures of something else: coming nearer to those is no merit. */
  readonly fitsPrompts: boolean;
}

/** What both models drew, and what they are compared by. */
export function comparisonsOf(
  candidate: readonly Outcome[],
  production: readonly Outcome[],
  captions: readonly Float32Array[],
  { features: reference, fitsPrompts }: Omit<Reference, 'name'>,
): { count: number; comparisons: Comparison[] } {
  const places = candidate.flatMap((outcome, i) => (outcome.look && production[i]?.look ? [i] : []));
  const own = places.map((place) => captions[place] as Float32Array);
  const of = (outcomes: readonly Outcome[]) => places.map((place) => outcomes[place] as Drawn);
  const [ours, theirs] = [of(candidate), of(production)];
  const [perOurs, perTheirs] = [perPicture(ours, own), perPicture(theirs, own)];
  const meanAt = (key: keyof PerPicture, at: readonly number[]) => ({
    candidate: meanOf(at.map((place) => (perOurs[place] as PerPicture)[key])),
    production: meanOf(at.map((place) => (perTheirs[place] as PerPicture)[key])),
  });
  const mean = (name: keyof PerPicture): Comparison => ({
    name,
    higherIsBetter: true,
    tolerance: 0,
    quality: true,
    statistic: (at) => meanAt(name, at),
  });
  const names: (keyof PerPicture)[] = perOurs.some(({ attributes }) => !Number.isNaN(attributes))
    ? ['clipScore', 'rPrecision', 'attributes']
    : ['clipScore', 'rPrecision'];
  const distance = (drawn: readonly Drawn[], at: readonly number[]) =>
    frechetDistance(featuresOf(at.map((place) => drawn[place] as Drawn)), reference);
  const whole = places.length < 2 ? 0 : frechetDistance(featuresOf(theirs), reference);
  const fid: Comparison = {
    name: 'fid',
    higherIsBetter: false,
    tolerance: FID_TOLERANCE * whole,
    quality: fitsPrompts,
    resamples: FID_RESAMPLES,
    statistic: (at) => ({ candidate: distance(ours, at), production: distance(theirs, at) }),
  };
  return { count: places.length, comparisons: [...names.map(mean), ...(places.length < 2 ? [] : [fid])] };
}
