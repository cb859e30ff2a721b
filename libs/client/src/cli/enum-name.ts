/** Names of the contract's enum values, for people and JSON. */

/** "BLOCKED" for 6; the number itself for a value of a newer contract. */
export const enumName = (names: Readonly<Record<string, number>>, value: number): string =>
  Object.entries(names).find(([, number]) => number === value)?.[0] ?? String(value);
