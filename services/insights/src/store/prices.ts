/** What an hour of each stage costs. */

/** Millionths of the currency an hour, integers, by stage; "*" for those that are not named (absent: they cost nothing). */
export type Prices = ReadonlyMap<string, bigint>;

/** Prices from "diffusion=2000000,queue=0,*=40000". @throws RangeError naming the part that is no price. */
export function parsePrices(text: string): Prices {
  return new Map(
    text
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const match = /^\s*([a-z0-9-]+|\*)\s*=\s*(\d{1,12})\s*$/.exec(part);
        if (!match) throw new RangeError(`expected stage=millionths an hour, not "${part.trim()}"`);
        return [match[1] as string, BigInt(match[2] as string)];
      }),
  );
}

const MICROSECONDS_AN_HOUR = 3_600_000_000n;
const NANOS_A_MICRO = 1_000n;

/** Cost of stages' times in billionths of the currency, rounded half up once: an integer, so that sums have no order. */
export function costNanos(stages: ReadonlyMap<string, bigint>, prices: Prices): bigint {
  let microsecondPrices = 0n;
  for (const [stage, durationUs] of stages)
    microsecondPrices += durationUs * (prices.get(stage) ?? prices.get('*') ?? 0n);
  return (microsecondPrices * NANOS_A_MICRO + MICROSECONDS_AN_HOUR / 2n) / MICROSECONDS_AN_HOUR;
}
