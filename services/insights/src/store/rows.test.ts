import {
  create,
  FeedbackEventSchema,
  GenerationEventSchema,
  GenerationState,
  type MessageInitShape,
  Rating,
  timestampFromMs,
} from '@atelier/contracts';
import { describe, expect, it } from 'vitest';
import { costNanos, parsePrices } from './prices.ts';
import { generationRow, interactionRow } from './rows.ts';

const RECEIVED_MS = Date.UTC(2026, 10, 1);
const event = (interaction: MessageInitShape<typeof FeedbackEventSchema>['interaction']) =>
  create(FeedbackEventSchema, { interaction, receiveTime: timestampFromMs(RECEIVED_MS) });

describe('interactions', () => {
  const clicked = { interactionId: 'i', generationId: 'g', kind: { case: 'clicked' as const, value: {} } };

  it.each([
    ['absent', undefined, RECEIVED_MS],
    ['behind', RECEIVED_MS - 90_000_000, RECEIVED_MS - 90_000_000],
    ['a little ahead', RECEIVED_MS + 60_000, RECEIVED_MS + 60_000],
    ['ahead beyond belief', RECEIVED_MS + 301_000, RECEIVED_MS],
  ])('a clock that is %s', (_, told, believed) => {
    const row = interactionRow(event({ ...clicked, ...(told && { occurTime: timestampFromMs(told) }) }));
    expect(row?.occurUs).toBe(BigInt(believed) * 1_000n);
  });

  it('that break the contract are none', () => {
    expect(interactionRow(event({ ...clicked, interactionId: '' }))).toBeNull();
    expect(interactionRow(event({ ...clicked, imageIndex: 8 }))).toBeNull();
    expect(
      interactionRow(event({ ...clicked, kind: { case: 'rated', value: { rating: Rating.UNSPECIFIED } } })),
    ).toBeNull();
    expect(
      interactionRow(
        event({ ...clicked, kind: { case: 'viewed', value: { duration: { seconds: 86_401n } } } }),
      ),
    ).toBeNull();
    expect(interactionRow(create(FeedbackEventSchema, { interaction: clicked }))).toBeNull();
    expect(
      interactionRow(
        event({
          interactionId: 'i',
          generationId: '',
          userId: '',
          kind: { case: 'consentChanged', value: { granted: false } },
        }),
      ),
    ).toBeNull();
  });

  it('are counted in microseconds', () => {
    const row = interactionRow(
      event({ ...clicked, kind: { case: 'viewed', value: { duration: { seconds: 2n, nanos: 5_999 } } } }),
    );
    expect(row?.viewedUs).toBe(2_000_005n);
  });
});

describe('ends of generations', () => {
  const end = (more: object) =>
    create(GenerationEventSchema, {
      what: {
        case: 'finished',
        value: {
          id: 'g',
          state: GenerationState.SUCCEEDED,
          createTime: timestampFromMs(1_000),
          endTime: timestampFromMs(3_000),
          ...more,
        },
      },
    });

  it('add up the stages of one name and leave out what still ran', () => {
    const stages = [
      { name: 'prompt-safety', durationMs: 1.5 },
      { name: 'prompt-safety', durationMs: 2.25 },
      { name: 'diffusion', durationMs: 1_000 },
      { name: 'store' },
    ];
    const row = generationRow(end({ stages }), 'denoiser', parsePrices('diffusion=3600000,*=0'));
    expect([...(row?.stages ?? [])]).toEqual([
      ['prompt-safety', 3_750n],
      ['diffusion', 1_000_000n],
    ]);
    expect(row?.costNanos).toBe(1_000_000n);
  });

  it('without their times, or that are no end, are none', () => {
    const bare = create(GenerationEventSchema, { what: { case: 'finished', value: { id: 'g' } } });
    expect(generationRow(bare, 'denoiser', new Map())).toBeNull();
    expect(generationRow(create(GenerationEventSchema, {}), 'denoiser', new Map())).toBeNull();
  });
});

describe('prices', () => {
  it('have a default for the others, and cost nothing without one', () => {
    const hour = new Map([
      ['queue', 3_600_000_000n],
      ['store', 3_600_000_000n],
    ]);
    expect(costNanos(hour, parsePrices('queue=0,*=40000'))).toBe(40_000_000n);
    expect(costNanos(hour, parsePrices('queue=1'))).toBe(1_000n);
  });

  it('round half up, once', () => {
    expect(costNanos(new Map([['a', 1n]]), parsePrices('a=1800000'))).toBe(1n);
    expect(costNanos(new Map([['a', 1n]]), parsePrices('a=1799999'))).toBe(0n);
  });

  it('name what is none', () => {
    expect(() => parsePrices('a=1,b=cheap')).toThrow('"b=cheap"');
  });
});
