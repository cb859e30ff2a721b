/** Reading cookies (RFC 6265). */

/** Value of the first cookie `name` that is as `valid` says; undefined: there is none. */
export function readCookie(header: string | undefined, name: string, valid: RegExp): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    const value = part.slice(at + 1).trim();
    if (part.slice(0, at).trim() === name && valid.test(value)) return value;
  }
  return undefined;
}
