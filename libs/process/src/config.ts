/** Configuration from the environment: a schema with defaults, and one message that lists all that is wrong. */
import { z } from 'zod';

declare module 'zod' {
  interface GlobalMeta {
    /** Environment variable of a setting whose name isn't ATELIER_ + its key, for example NATS_URL. */
    env?: string;
  }
}

/** A service's settings. Load it once, in main.ts; only config.ts of a service defines one. */
export interface ConfigDefinition<S extends z.ZodObject> {
  schema: S;
  /** The names of the variables it reads, in the order of the schema. */
  variables: string[];
  /** The settings in `environment`. @throws ConfigError naming every bad variable. */
  load(environment: NodeJS.ProcessEnv): z.output<S>;
}

/** All that is wrong with the environment. Never repeats a value: it may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One line for each bad variable: "NAME: what is wrong". */
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`bad configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Settings named by their keys: `modelBundle` is read from ATELIER_MODEL_BUNDLE, unless the key's schema says
 * `.meta({ env: 'OTHER' })`. Numbers want `z.coerce.number()`, switches `z.stringbool()`; units belong in the name
 * (`graceMs`). A variable set to the empty string counts as unset.
 */
export function defineConfig<S extends z.ZodObject>(schema: S): ConfigDefinition<S> {
  return {
    schema,
    variables: Object.entries(schema.shape).map(([key, field]) => variableName(key, field as z.ZodType)),
    load(environment) {
      const values: Record<string, string> = {};
      for (const [key, field] of Object.entries(schema.shape)) {
        const value = environment[variableName(key, field as z.ZodType)];
        if (value !== undefined && value !== '') values[key] = value;
      }
      const parsed = schema.safeParse(values);
      if (parsed.success) return parsed.data;
      throw new ConfigError(
        parsed.error.issues.map((issue) => {
          const key = String(issue.path[0] ?? '');
          const field = schema.shape[key] as z.ZodType | undefined;
          return `${field ? variableName(key, field) : key}: ${issue.message}`;
        }),
      );
    },
  };
}

/** ATELIER_ + the key in UPPER_SNAKE_CASE, or what the schema says. */
function variableName(key: string, field: z.ZodType): string {
  for (let schema: unknown = field; schema instanceof z.ZodType; schema = inner(schema)) {
    const env = schema.meta()?.env;
    if (env !== undefined) return env;
  }
  return `ATELIER_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** The schema inside `.default()`, `.optional()` and the like. */
function inner(schema: z.ZodType): unknown {
  return (schema.def as { innerType?: unknown }).innerType;
}
