/** What is opened when it is first used: a service has no rights to what it never uses. */

/** `open`'s result, asked for once; again after a failure. */
export function lazily<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
