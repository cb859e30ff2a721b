/** Two sets of figures held against each other. */
import type { Figures } from './independent.ts';

/** Every number, integer and text of an answer by its path, "overall.latency.p50Seconds"; messages' own fields left out. */
export function flattened(answer: object, path = '', figures: Figures = new Map()): Figures {
  for (const [key, value] of Object.entries(answer)) {
    if (key.startsWith('$') || value === undefined) continue;
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'object' && value !== null) flattened(value, here, figures);
    else figures.set(here, value);
  }
  return figures;
}

/** Ends of intervals are made by other formulas than the service's: equal up to rounding. All else is equal, bit by bit. */
const ROUNDING = 1e-9;

export interface Comparison {
  /** Figures that are equal to the last bit, and ends of intervals. */
  exact: number;
  intervalEnds: number;
  /** "path: ours, theirs" of what differs. */
  different: string[];
}

export function compare(ours: Figures, theirs: Figures): Comparison {
  const result: Comparison = { exact: 0, intervalEnds: 0, different: [] };
  for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
    const [mine, other] = [ours.get(path), theirs.get(path)];
    if (/\.(low|high)$/.test(path) && typeof mine === 'number' && typeof other === 'number') {
      if (Math.abs(mine - other) <= ROUNDING * Math.max(1, Math.abs(other))) result.intervalEnds += 1;
      else result.different.push(`${path}: ${mine}, ${other}`);
    } else if (mine === other) result.exact += 1;
    else result.different.push(`${path}: ${String(mine)}, ${String(other)}`);
  }
  return result;
}
