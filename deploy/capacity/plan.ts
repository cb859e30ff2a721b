/** From times that were measured to machines, limits and money for a rate of pictures. Pure arithmetic. */

export interface Times {
  /** Denoising steps of a picture. */
  readonly steps: number;
  /** One run of the denoiser for a full batch, seconds. */
  readonly runSeconds: number;
  /** Pictures in such a batch. */
  readonly batch: number;
  /** Core seconds of a picture's other stages, by service. */
  readonly coreSeconds: Readonly<Record<string, number>>;
  /** From accepted to finished, seconds: what is in hand follows from it (Little's law). */
  readonly latencySeconds: number;
}

export interface Prices {
  /** A denoiser's replica an hour: the GPU, or its cores. */
  readonly denoiserHour: number;
  /** A core an hour. */
  readonly coreHour: number;
}

export interface Plan {
  denoisers: number;
  /** Cores of the other services, by service. */
  cores: Record<string, number>;
  orchestrators: number;
  /** Generations in hand at a time. */
  inHand: number;
  /** JetStream: messages a second, bytes of pictures a second, and bytes that a week of pictures holds. */
  messagesPerSecond: number;
  pictureBytesPerSecond: number;
  weekBytes: number;
  moneyPerHour: number;
  moneyPerThousandPictures: number;
}

/** Share of a machine that is planned for; the rest is for bursts and for a replica that is away. */
const UTILISATION = 0.7;
/** Generations that one orchestrator runs at a time, as the chart's profile has it. */
const GENERATIONS_PER_ORCHESTRATOR = 16;
/** Job, its acknowledgement, index, about a dozen record writes and events. */
const MESSAGES_PER_PICTURE = 24;
/** A PNG of the starter, 1024 × 1024, bytes. */
const PICTURE_BYTES = 900_000;
const WEEK_SECONDS = 7 * 86_400;

export function plan(perSecond: number, times: Times, prices: Prices): Plan {
  const denoiserSeconds = (times.steps * times.runSeconds) / times.batch;
  const denoisers = Math.max(1, Math.ceil((perSecond * denoiserSeconds) / UTILISATION));
  const cores = Object.fromEntries(
    Object.entries(times.coreSeconds).map(([service, seconds]) => [
      service,
      Math.max(0.1, Math.ceil((10 * perSecond * seconds) / UTILISATION) / 10),
    ]),
  );
  const inHand = perSecond * times.latencySeconds;
  const allCores = Object.values(cores).reduce((sum, one) => sum + one, 0);
  const moneyPerHour = denoisers * prices.denoiserHour + allCores * prices.coreHour;
  return {
    denoisers,
    cores,
    orchestrators: Math.max(1, Math.ceil(inHand / GENERATIONS_PER_ORCHESTRATOR / UTILISATION)),
    inHand,
    messagesPerSecond: perSecond * MESSAGES_PER_PICTURE,
    pictureBytesPerSecond: perSecond * PICTURE_BYTES,
    weekBytes: perSecond * PICTURE_BYTES * WEEK_SECONDS,
    moneyPerHour,
    moneyPerThousandPictures: (1_000 * moneyPerHour) / (3_600 * perSecond),
  };
}
