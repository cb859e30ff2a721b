/** What a client sent, held against a route's schemas. */
import { invalidArgument } from '@atelier/rpc';
import type { z } from 'zod';

/** @throws RpcError INVALID_ARGUMENT that names each refused field with its limit, and never its content. */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidArgument(
    parsed.error.issues.flatMap((issue) => {
      const at = issue.path.join('.');
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => ({
          field: [at, key].filter(Boolean).join('.'),
          description: 'is unknown here',
        }));
      return [{ field: at || 'body', description: descriptionOf(issue) }];
    }),
  );
}

/** In the words of the mesh: what follows the name of the field. */
function descriptionOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be of the type ${issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    default:
      return 'has not the form that the description of the interface states';
  }
}

const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : '');
