/** The experiments, as an operator writes them down. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const id = z.string().min(1).max(64);

const schema = z.array(
  z.strictObject({
    /** Name; a changed split wants a new one, or users would change sides. */
    id,
    /** Versions of the model, as the edge knows them. */
    control: id,
    treatment: id,
    /** Share of users who get the treatment, above 0, below 1. */
    treatmentShare: z.number().gt(0).lt(1).default(0.5),
  }),
);

export type Experiment = z.output<typeof schema>[number];

/** Experiments by name. @throws Error naming the file when it is not there or says something else. */
export async function readExperiments(file: string | undefined): Promise<ReadonlyMap<string, Experiment>> {
  if (file === undefined) return new Map();
  try {
    const experiments = schema.parse(JSON.parse(await readFile(file, 'utf8')));
    const byId = new Map(experiments.map((experiment) => [experiment.id, experiment]));
    if (byId.size < experiments.length) throw new Error('two experiments have one name');
    return byId;
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Error(`${file}: ${why}`, { cause });
  }
}
