/** On whose behalf a call is made: what a scheduler shares a machine by. Names, never people's data. */
import type { Metadata } from '@grpc/grpc-js';

/** How urgent the caller's work is to it, most urgent first. */
export const PRIORITIES = ['interactive', 'standard', 'batch'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface Caller {
  /** Whoever shares are counted for, usually a tenant; 1 to 64 characters of [A-Za-z0-9_.-]. */
  readonly name: string;
  readonly priority: Priority;
}

const nameKey = 'atelier-caller';
const priorityKey = 'atelier-priority';

/** Who calls without saying so. */
export const anonymous: Caller = { name: 'default', priority: 'standard' };

/** Metadata that says on whose behalf a call is made, for `CallOptions.metadata`. */
export function callerMetadata({ name, priority }: Partial<Caller>): Record<string, string> {
  return { ...(name && { [nameKey]: name }), ...(priority && { [priorityKey]: priority }) };
}

/**
 * The caller that a call's metadata names. What is absent or malformed counts as the default, never as an error: a
 * share of the machine is no reason to fail a call. The mesh trusts its own network; an edge sets these itself.
 */
export function callerOf(metadata: Metadata): Caller {
  const name = String(metadata.get(nameKey)[0] ?? '');
  const asked = String(metadata.get(priorityKey)[0] ?? '');
  return {
    name: /^[A-Za-z0-9_.-]{1,64}$/.test(name) ? name : anonymous.name,
    priority: PRIORITIES.find((priority) => priority === asked) ?? anonymous.priority,
  };
}
