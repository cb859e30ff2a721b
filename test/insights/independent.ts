/**
 * The metrics of a log once more, from the contract's words alone: maps and loops, without the service's code, its
 * queries or its database. Figures by path, as `flattened` gives those of the service.
 */
import {
  FeedbackEventSchema,
  fromBinary,
  type Generation,
  GenerationEventSchema,
  GenerationState,
  type Interaction,
  Rating,
} from '@atelier/contracts';
import type { LoggedEvent } from './log.ts';

export type Figures = Map<string, number | bigint | string>;

interface Heard {
  interaction: Interaction;
  atUs: bigint;
}

const us = (time: { seconds: bigint; nanos: number }): bigint =>
  time.seconds * 1_000_000n + BigInt(Math.trunc(time.nanos / 1_000));

const FIVE_MINUTES_US = 300_000_000n;
/** Millionths of the currency an hour. */
const PRICE = 40_000n;

/** All figures of a log of valid and broken events, prices as they are by default. */
export function independentFigures(log: readonly LoggedEvent[]): Figures {
  const interactions = new Map<string, Heard>();
  const generations = new Map<string, Generation>();
  for (const { subject, payload } of log) {
    if (subject.startsWith('atelier.events.feedback.')) {
      const { interaction, receiveTime } = fromBinary(FeedbackEventSchema, payload);
      if (!interaction || !receiveTime || interactions.has(interaction.interactionId)) continue;
      // The one way in which this log's events are broken.
      if (interaction.kind.case === 'rated' && interaction.kind.value.rating === Rating.UNSPECIFIED) continue;
      const received = us(receiveTime);
      const told = interaction.occurTime ? us(interaction.occurTime) : received;
      const atUs = told - received > FIVE_MINUTES_US ? received : told;
      interactions.set(interaction.interactionId, { interaction, atUs });
    } else {
      const { what } = fromBinary(GenerationEventSchema, payload);
      if (what.case === 'finished' && !generations.has(what.value.id))
        generations.set(what.value.id, what.value);
    }
  }

  const figures: Figures = new Map([['events', BigInt(interactions.size + generations.size)]]);
  const modelOf = (generation: Generation | undefined): string => {
    const model = generation?.modelVersions.find(({ name }) => name.endsWith('/denoiser'));
    return model ? [model.name, model.version, model.sha256].join('\0') : '\0\0';
  };
  const exposures = Map.groupBy(
    [...interactions.values()].filter(
      ({ interaction: { kind } }) => kind.case !== 'requested' && kind.case !== 'consentChanged',
    ),
    ({ interaction: { generationId, imageIndex, userId } }) => `${generationId}|${imageIndex}|${userId}`,
  );
  const exposuresOf = Map.groupBy(exposures.values(), (heard) =>
    modelOf(generations.get(heard[0]?.interaction.generationId ?? '')),
  );
  const generationsOf = Map.groupBy(generations.values(), modelOf);
  const ends = [...generations.values()]
    .map(({ endTime }) => us(endTime as NonNullable<typeof endTime>))
    .sort(ascending);
  const seconds = Number((ends.at(-1) ?? 0n) - (ends[0] ?? 0n)) / 1e6;
  const owners = ownersOf([...interactions.values()]);

  const addAll = (path: string, heard: readonly Heard[][], ended: readonly Generation[]): void => {
    addExposures(figures, path, heard);
    addGenerations(figures, path, ended, seconds);
    addCosts(figures, path, ended, owners);
  };
  addAll('overall', [...exposures.values()], [...generations.values()]);
  const models = [...new Set([...exposuresOf.keys(), ...generationsOf.keys()])].sort();
  for (const [index, model] of models.entries()) {
    const path = `byModel.${index}`;
    const [name = '', version = '', sha256 = ''] = model.split('\0');
    for (const [key, value] of Object.entries({ name, version, sha256 }))
      figures.set(`${path}.modelVersion.${key}`, value);
    addAll(path, exposuresOf.get(model) ?? [], generationsOf.get(model) ?? []);
  }
  return figures;
}

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Who asked first; of two at once the one with the lesser id. */
function ownersOf(all: readonly Heard[]): Map<string, string> {
  const first = new Map<string, Heard>();
  for (const heard of all) {
    const { kind, userId, generationId, interactionId } = heard.interaction;
    if (kind.case !== 'requested' || userId === '') continue;
    const known = first.get(generationId);
    const earlier =
      !known ||
      heard.atUs < known.atUs ||
      (heard.atUs === known.atUs && interactionId < known.interaction.interactionId);
    if (earlier) first.set(generationId, heard);
  }
  return new Map([...first].map(([id, { interaction }]) => [id, interaction.userId]));
}

function addExposures(figures: Figures, path: string, exposures: readonly Heard[][]): void {
  let impressions = 0;
  let orphans = 0;
  let worth = 0n;
  const did = { clicked: 0, converted: 0, downloaded: 0, reported: 0 };
  let rated = 0;
  let up = 0;
  const viewed: bigint[] = [];
  for (const heard of exposures) {
    const kinds = new Set(heard.map(({ interaction }) => interaction.kind.case));
    if (kinds.has('shown')) {
      impressions += 1;
      for (const kind of Object.keys(did) as (keyof typeof did)[]) if (kinds.has(kind)) did[kind] += 1;
    } else if (kinds.has('clicked')) orphans += 1;
    let latest: Heard | undefined;
    let time = 0n;
    for (const one of heard) {
      const { kind, interactionId } = one.interaction;
      if (kind.case === 'converted') worth += kind.value.valueMicros;
      if (kind.case === 'viewed' && kind.value.duration) time += us(kind.value.duration);
      if (kind.case !== 'rated') continue;
      const later =
        !latest ||
        one.atUs > latest.atUs ||
        (one.atUs === latest.atUs && interactionId > latest.interaction.interactionId);
      if (later) latest = one;
    }
    if (kinds.has('viewed')) viewed.push(time);
    if (latest?.interaction.kind.case === 'rated') {
      rated += 1;
      if (latest.interaction.kind.value.rating === Rating.UP) up += 1;
    }
  }
  figures.set(`${path}.impressions`, BigInt(impressions));
  figures.set(`${path}.clicksWithoutImpression`, BigInt(orphans));
  figures.set(`${path}.conversionValueMicros`, worth);
  addShare(figures, `${path}.clickThroughRate`, did.clicked, impressions);
  addShare(figures, `${path}.conversionRate`, did.converted, impressions);
  addShare(figures, `${path}.downloadRate`, did.downloaded, impressions);
  addShare(figures, `${path}.reportRate`, did.reported, impressions);
  addShare(figures, `${path}.feedbackScore`, up, rated);
  addMean(figures, `${path}.timeSpentSeconds`, viewed, 1e6);
}

function addGenerations(figures: Figures, path: string, all: readonly Generation[], seconds: number): void {
  const inState = (state: GenerationState): Generation[] => all.filter((one) => one.state === state);
  const succeeded = inState(GenerationState.SUCCEEDED);
  figures.set(`${path}.generations.succeeded`, BigInt(succeeded.length));
  figures.set(`${path}.generations.failed`, BigInt(inState(GenerationState.FAILED).length));
  figures.set(`${path}.generations.blocked`, BigInt(inState(GenerationState.BLOCKED).length));
  figures.set(`${path}.generations.cancelled`, BigInt(inState(GenerationState.CANCELLED).length));
  const images = all.map(({ result }) => (result.case === 'images' ? result.value.images.length : 0));
  figures.set(`${path}.generations.images`, BigInt(images.reduce((sum, count) => sum + count, 0)));

  const latencies = succeeded
    .map(
      ({ createTime, endTime }) =>
        us(endTime ?? { seconds: 0n, nanos: 0 }) - us(createTime ?? { seconds: 0n, nanos: 0 }),
    )
    .sort(ascending);
  addMean(figures, `${path}.latency.meanSeconds`, latencies, 1e6);
  for (const hundredths of [50, 95, 99]) {
    const rank = Math.floor((latencies.length * hundredths + 99) / 100);
    figures.set(`${path}.latency.p${hundredths}Seconds`, Number(latencies[rank - 1] ?? 0n) / 1e6);
  }
  const hour = 3_600 / seconds;
  addEstimate(figures, `${path}.throughputPerHour`, {
    value: succeeded.length * hour,
    halfWidth: 1.959963984540054 * Math.sqrt(succeeded.length) * hour,
    count: succeeded.length,
    method: 3,
  });
  const stages = Map.groupBy(
    all.flatMap((one) => one.stages),
    ({ name }) => name,
  );
  for (const [index, stage] of [...stages.keys()].sort().entries()) {
    const times = (stages.get(stage) ?? []).map(({ durationMs = 0 }) =>
      BigInt(Math.round(durationMs * 1_000)),
    );
    figures.set(`${path}.stages.${index}.stage`, stage);
    addMean(figures, `${path}.stages.${index}.seconds`, times, 1e6);
    figures.set(`${path}.stages.${index}.totalSeconds`, Number(sumOf(times)) / 1e6);
  }
}

function addCosts(
  figures: Figures,
  path: string,
  all: readonly Generation[],
  owners: ReadonlyMap<string, string>,
): void {
  const months = Map.groupBy(all, ({ endTime }) =>
    new Date(Number(endTime?.seconds ?? 0n) * 1_000).toISOString().slice(0, 7),
  );
  for (const [index, month] of [...months.keys()].sort().entries()) {
    const byUser = new Map<string, bigint>();
    let unattributed = 0n;
    for (const { id, stages } of months.get(month) ?? []) {
      const paid = stages.filter(({ name }) => name !== 'queue');
      const microseconds = sumOf(paid.map(({ durationMs = 0 }) => BigInt(Math.round(durationMs * 1_000))));
      // Billionths, rounded half up.
      const nanos = (2n * microseconds * PRICE * 1_000n + 3_600_000_000n) / 7_200_000_000n;
      const owner = owners.get(id);
      if (owner === undefined) unattributed += nanos;
      else byUser.set(owner, (byUser.get(owner) ?? 0n) + nanos);
    }
    const costs = [...byUser.values()];
    figures.set(`${path}.costs.${index}.month`, month);
    addMean(figures, `${path}.costs.${index}.perUserMicros`, costs, 1e3);
    figures.set(`${path}.costs.${index}.totalMicros`, Number(sumOf(costs) + unattributed) / 1e3);
    figures.set(`${path}.costs.${index}.unattributedMicros`, Number(unattributed) / 1e3);
  }
}

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/** Ends of Wilson's interval as the roots of (p̂ − p)² = z² p (1 − p) / n. */
function addShare(figures: Figures, path: string, part: number, whole: number): void {
  if (whole === 0) return;
  const share = part / whole;
  const z2 = 1.959963984540054 ** 2 / whole;
  const b = 2 * share + z2;
  const root = Math.sqrt(b * b - 4 * (1 + z2) * share * share);
  figures.set(`${path}.value`, share);
  figures.set(`${path}.low`, (b - root) / (2 * (1 + z2)));
  figures.set(`${path}.high`, (b + root) / (2 * (1 + z2)));
  figures.set(`${path}.count`, BigInt(whole));
  figures.set(`${path}.method`, 1);
}

/** The variance in a second pass over the deviations, not from sums of squares. */
function addMean(figures: Figures, path: string, values: readonly bigint[], unit: number): void {
  if (values.length === 0) return;
  const value = Number(sumOf(values)) / values.length;
  const spread = values.reduce((sum, one) => sum + (Number(one) - value) ** 2, 0);
  const error = values.length === 1 ? 0 : Math.sqrt(spread / (values.length - 1) / values.length);
  addEstimate(figures, path, {
    value: value / unit,
    halfWidth: (1.959963984540054 * error) / unit,
    count: values.length,
    method: 2,
  });
}

interface Symmetric {
  value: number;
  halfWidth: number;
  count: number;
  method: number;
}

function addEstimate(figures: Figures, path: string, { value, halfWidth, count, method }: Symmetric): void {
  if (count === 0) return;
  figures.set(`${path}.value`, value);
  figures.set(`${path}.low`, Math.max(0, value - halfWidth));
  figures.set(`${path}.high`, value + halfWidth);
  figures.set(`${path}.count`, BigInt(count));
  figures.set(`${path}.method`, method);
}
