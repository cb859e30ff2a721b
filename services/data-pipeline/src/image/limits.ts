/** What a picture may cost before it is refused. All of it is checked on the header, before a pixel is decoded. */
export interface ImageLimits {
  /** Bytes of the file; default 32 MiB. */
  maxBytes: number;
  /** Width × height × frames that the header states; default 64 million. */
  maxPixels: number;
  /** Frames or pages; default 1,000. The first one is taken. */
  maxFrames: number;
  /** Time for decoding, milliseconds; default 10,000. */
  decodeTimeoutMs: number;
  /** Shortest side that is kept, pixels after orientation; default 64. */
  minSide: number;
}

export const DEFAULT_LIMITS: ImageLimits = {
  maxBytes: 32 * 1_048_576,
  maxPixels: 64_000_000,
  maxFrames: 1_000,
  decodeTimeoutMs: 10_000,
  minSide: 64,
};
