/** Each network multiplies a picture's side by this. */
export const FACTOR = 4;

/**
 * The sides a cascade passes through from `from` to `to`, the first left out; undefined when it can't get there.
 * @param targets sides the networks at hand produce.
 */
export function route(from: number, to: number, targets: readonly number[]): number[] | undefined {
  const sides: number[] = [];
  for (let side = from * FACTOR; side <= to; side *= FACTOR) {
    if (!targets.includes(side)) return undefined;
    sides.push(side);
  }
  return sides.at(-1) === to ? sides : undefined;
}

/** What a cascade can do, for error messages: "64 to 256 or 1024, 256 to 1024". */
export function describeRoutes(targets: readonly number[]): string {
  const sources = targets.map((target) => target / FACTOR);
  return sources
    .map((source) => {
      const reached = targets.filter((target) => route(source, target, targets));
      return `${source} to ${reached.join(' or ')}`;
    })
    .join(', ');
}
