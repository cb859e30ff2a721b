/** Every way in which an item can end, in the order in which the tests are made. Nothing else ends an item. */

export const REASONS = {
  opted_out: 'on the opt-out list',
  fetch_refused: 'its address is private, or not http(s)',
  fetch_opted_out: 'its server asks not to train on it (X-Robots-Tag, TDM reservation)',
  fetch_failed: 'its server did not deliver it',
  too_many_bytes: 'the file is larger than the limit',
  not_a_picture: 'no picture format that is read here',
  too_many_pixels: 'its header states more pixels than the limit; never decoded',
  too_many_frames: 'its header states more frames than the limit; never decoded',
  undecodable: 'damaged: the decoder refused it',
  decode_timeout: 'decoding took longer than the limit',
  too_small: 'a side is shorter than the limit',
  blurred: 'no sharp edge anywhere',
  low_aesthetic: 'next to nothing to see, or badly made by the measure of the quality scorer',
  disliked: 'people rated it down more often than up',
  harmful_caption: 'prompt-safety blocks its caption',
  harmful_image: 'harm-detection blocks the picture',
  exact_duplicate: 'the same bytes as a better item',
  near_duplicate: 'the same picture as a better item',
  caption_missing: 'no caption, and none that fits could be made',
  caption_foreign: 'its caption is in another language, and none that fits could be made',
  caption_irrelevant: 'its caption does not tell what the picture shows, nor does a made one',
  kept: 'in the shards',
} as const;

export type Reason = keyof typeof REASONS;

/** Why an item does not reach the shards; `kept` is no failure. */
export type Removal = Exclude<Reason, 'kept'>;

/** An item's end: the reason, and what was measured or said. */
export interface Verdict {
  reason: Reason;
  /** For people: figures, limits, the decoder's words; empty when the reason says it all. */
  detail: string;
}

export const removed = (reason: Removal, detail = ''): Verdict => ({ reason, detail });
