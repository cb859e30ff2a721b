import type { InferenceError } from './errors.ts';
import type { ModelReply, Tensors } from './protocol.ts';

/** The opened model's replies, or its death; each handler is called from the main thread's event loop. */
export interface ChannelEvents {
  reply(reply: ModelReply): void;
  /** The model is gone. `error` is set unless it was asked to close. Called once, last. */
  gone(error: InferenceError | undefined): void;
}

/** The way to where a model computes. */
export interface Channel {
  /** Begins a run; its reply bears the id. */
  run(id: number, feeds: Tensors): void;
  /** Releases the model after the run in hand. */
  close(): void;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
