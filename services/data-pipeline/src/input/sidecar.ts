/** Captions beside a picture: text, one caption a line, or JSON as our own shards and img2dataset write it. */
import { z } from 'zod';
import type { GivenCaption, ItemRef } from './item.ts';

const SidecarSchema = z.object({
  caption: z.string().nullish(),
  text: z.string().nullish(),
  captions: z
    .array(z.union([z.string(), z.object({ text: z.string(), states: z.array(z.string()).default([]) })]))
    .optional(),
  domain: z.string().optional(),
  attributes: z.record(z.string(), z.string()).optional(),
});

export const SIDECAR_EXTENSIONS = ['.txt', '.caption', '.json'] as const;

export type SidecarFacts = Pick<ItemRef, 'captions' | 'domain' | 'attributes'>;

/** What a sidecar says; one that can't be read says nothing. */
export function readSidecar(name: string, content: string): SidecarFacts {
  if (!name.endsWith('.json')) return { captions: lines(content) };
  try {
    const parsed = SidecarSchema.safeParse(JSON.parse(content));
    if (!parsed.success) return { captions: [] };
    const { caption, text, captions = [], domain, attributes } = parsed.data;
    const single = [caption, text].filter((value) => typeof value === 'string');
    return {
      captions: [
        ...captions.map((value) => (typeof value === 'string' ? plain(value) : value)),
        ...single.map(plain),
      ],
      ...(domain !== undefined && { domain }),
      ...(attributes !== undefined && { attributes }),
    };
  } catch {
    return { captions: [] };
  }
}

export const plain = (text: string): GivenCaption => ({ text, states: [] });

const lines = (content: string): GivenCaption[] =>
  content
    .split(/\r?\n/u)
    .filter((line) => line.trim() !== '')
    .map(plain);
