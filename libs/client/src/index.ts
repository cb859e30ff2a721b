/** The TypeScript client of Atelier. */
export {
  type Atelier,
  type AtelierOptions,
  type CreateGeneration,
  createAtelier,
  type GenerateOptions,
  type WatchOptions,
} from './client.ts';
export { isFinal, type NumberedWatchEvent, type WatchEvent } from './watch.ts';
