/** Services that go over to another version of their model without losing a call. */
export { type LoadedModel, type RolloverOptions, rollover } from './rollover.ts';
