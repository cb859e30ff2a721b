/**
 * What has been drawn, on disk: one picture and one record each, written whole or not at all. A run that was killed goes on where
 * it stood, and a model that was evaluated on the same prompts before is not drawn again.
 */
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const RecordSchema = z.object({
  /** How the generation ended: `succeeded`, `blocked` or `failed`. */
  state: z.enum(['succeeded', 'blocked', 'failed']),
  /** From the first stage to the end, without waiting in the queue. */
  seconds: z.number(),
  /** Of the denoising stage alone. */
  denoisingSeconds: z.number(),
  /** Words that the model never saw. */
  unknownConcepts: z.array(z.string()),
  /** Why it failed, or which category blocked it; '' when it succeeded. */
  why: z.string(),
  /** "name@version" of the models that took part. */
  models: z.array(z.string()),
});
export type DrawnRecord = z.infer<typeof RecordSchema>;

const SessionSchema = z.object({
  pictures: z.number(),
  wallSeconds: z.number(),
  /** Processor time of all services. */
  cpuSeconds: z.number(),
  /** Largest resident sets of all services, summed, MiB. */
  peakRssMb: z.number(),
});
/** One stretch of drawing without a break. */
export type Session = z.infer<typeof SessionSchema>;

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Path of a picture, there or not. */
  picture(key: string): string {
    return join(this.path, 'pictures', `${key}.png`);
  }

  /** What became of a picture; undefined when it has yet to be drawn. */
  async record(key: string): Promise<DrawnRecord | undefined> {
    const text = await readText(join(this.path, 'pictures', `${key}.json`));
    return text === undefined ? undefined : RecordSchema.parse(JSON.parse(text));
  }

  /** The record is written last, so that it vouches for the picture. */
  async keep(key: string, record: DrawnRecord, png?: Uint8Array): Promise<void> {
    if (png) await writeWhole(this.picture(key), png);
    await writeWhole(join(this.path, 'pictures', `${key}.json`), JSON.stringify(record));
  }

  async sessions(): Promise<Session[]> {
    const text = (await readText(join(this.path, 'sessions.jsonl'))) ?? '';
    return text
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => SessionSchema.parse(JSON.parse(line)));
  }

  async keepSession(session: Session): Promise<void> {
    await mkdir(this.path, { recursive: true });
    await appendFile(join(this.path, 'sessions.jsonl'), `${JSON.stringify(session)}\n`);
  }

  /** Something that is computed once: read back when it is there. */
  async once<T>(name: string, schema: z.ZodType<T>, compute: () => Promise<T>): Promise<T> {
    const path = join(this.path, `${name}.json`);
    const text = await readText(path);
    if (text !== undefined) return schema.parse(JSON.parse(text));
    const value = await compute();
    await writeWhole(path, JSON.stringify(value));
    return value;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Write a file that is never seen in part. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.partial`, content);
  await rename(`${path}.partial`, path);
}
