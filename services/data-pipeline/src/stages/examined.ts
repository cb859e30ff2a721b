/** What the first stage knows of an item; a line of its file. */
import type { CaptionIssue } from '../caption/relevance.ts';
import type { Feedback, GivenCaption } from '../input/item.ts';
import type { Verdict } from '../reasons.ts';

/** What became of a caption. */
export type CaptionAction = 'as_given' | 'cleaned' | 'generated' | 'none';

/** Offset and length in the chunk's file of pictures, bytes. */
export type Span = [offset: number, length: number];

export interface Examined {
  /** Number in the whole input, from 0. */
  item: number;
  source: string;
  /** Of the file, hex; "" when it was not read. */
  sha256: string;
  bytes: number;
  format: string;
  width: number;
  height: number;
  frames: number;
  sharpness: number;
  contrast: number;
  entropy: number;
  /** Captions to train on. */
  captions: GivenCaption[];
  captionAction: CaptionAction;
  /** Why the given captions were not taken; null when they were. */
  captionIssue: CaptionIssue | null;
  /** What a model says against the pair, told only of what is no duplicate. */
  lateVerdict: Verdict | null;
  /** ISO 639-1 of the first caption as given, "" when unknown. */
  captionLanguage: string;
  domain: string;
  attributes: Record<string, string>;
  /** Of the platform's own pictures. */
  feedback?: Feedback;
  /** Similarity of picture and best caption, cosine; null: not judged. */
  relevance: number | null;
  /** How well made the picture is, 0..1; null: not judged. */
  quality: number | null;
  /** Null while nothing speaks against it. */
  verdict: Verdict | null;
  /** Place among the chunk's signatures, -1 when it has none. */
  signature: number;
  /** Aspect ratio that its pictures were cut to, "4:3". */
  bucket: string;
  /** Pictures by extension. */
  pictures: Record<string, Span>;
}

export const blank = (item: number, source: string): Examined => ({
  item,
  source,
  sha256: '',
  bytes: 0,
  format: '',
  width: 0,
  height: 0,
  frames: 0,
  sharpness: 0,
  contrast: 0,
  entropy: 0,
  captions: [],
  captionAction: 'none',
  captionIssue: null,
  lateVerdict: null,
  captionLanguage: '',
  domain: '',
  attributes: {},
  relevance: null,
  quality: null,
  verdict: null,
  signature: -1,
  bucket: '1:1',
  pictures: {},
});
