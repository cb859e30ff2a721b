/** Aspect-ratio buckets: pictures are cut to the nearest of a few shapes of equal area, so that less is cut away. */

export interface Bucket {
  /** "4:3", width to height. */
  name: string;
  ratio: number;
}

/** Sides are multiples of this many pixels, as denoisers want them. */
const MULTIPLE = 8;

/** Throws RangeError for what is not "<width>:<height>". */
export function bucketOf(name: string): Bucket {
  const [width, height] = name.split(':').map(Number);
  const ratio = (width ?? 0) / (height ?? 0);
  if (!(ratio >= 0.25 && ratio <= 4)) throw new RangeError(`"${name}" is no ratio from 1:4 to 4:1`);
  return { name, ratio };
}

/** The bucket whose shape is nearest; of two equally near the first. */
export function nearestBucket(width: number, height: number, buckets: readonly Bucket[]): Bucket {
  const far = ({ ratio }: Bucket): number => Math.abs(Math.log(width / height / ratio));
  return buckets.reduce((best, bucket) => (far(bucket) < far(best) ? bucket : best));
}

/** Width and height of a bucket's pictures, with about as many pixels as a square of this edge. */
export function sidesOf({ ratio }: Bucket, edge: number): [width: number, height: number] {
  const rounded = (side: number): number => Math.max(MULTIPLE, Math.round(side / MULTIPLE) * MULTIPLE);
  return [rounded(edge * Math.sqrt(ratio)), rounded(edge / Math.sqrt(ratio))];
}

export const SQUARE: Bucket = { name: '1:1', ratio: 1 };
