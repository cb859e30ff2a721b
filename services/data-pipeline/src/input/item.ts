/** An input item before anything of it is read: where it came from and where its parts lie. */

/** A caption with the attribute keys that it states; [] when nobody knows. */
export interface GivenCaption {
  text: string;
  states: string[];
}

/** What people did with a picture of the platform's own. */
export interface Feedback {
  shown: number;
  clicked: number;
  downloaded: number;
  converted: number;
  up: number;
  down: number;
}

export interface ItemRef {
  /** What a person would look for: a path, "<tar>#<key>", an address. Unique in the input. */
  source: string;
  image:
    | { kind: 'file'; name: string }
    | { kind: 'url'; url: string }
    | { kind: 'object'; uri: string }
    | { kind: 'inline' }
    | { kind: 'none' };
  captions: GivenCaption[];
  /** Sidecar files beside a picture of a folder. */
  sidecars?: string[];
  /** Of pictures from a scene grammar or a labelled set: what is in it. */
  domain?: string;
  attributes?: Record<string, string>;
  feedback?: Feedback;
}

/** An item with its bytes at hand; `bytes` is null where the picture has to be fetched or was too large to read. */
export interface OpenItem extends ItemRef {
  bytes: Buffer | null;
  /** Size of the picture where known without reading it. */
  size: number | null;
}

/** A task's share of the input: listed items, or a whole tar. */
export type Chunk = { first: number } & (
  | { kind: 'refs'; refs: ItemRef[] }
  | { kind: 'tar'; tar: string; count: number }
);

export const itemCount = (chunk: Chunk): number => (chunk.kind === 'tar' ? chunk.count : chunk.refs.length);
