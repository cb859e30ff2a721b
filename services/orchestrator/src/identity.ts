/** Names: of generations, and of their places in a tenant's list. */
import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** 26 × 5 bits. */
const LENGTH = 26;

/**
 * Id of a generation. With a request id it follows from (tenant, request id), which makes creation idempotent without
 * a second index: the record itself is the memory of the request. Without one it is random.
 */
export function generationId(tenant: string, requestId: string): string {
  const bytes = requestId
    ? createHash('sha256').update(`${tenant}\n${requestId}`).digest()
    : randomBytes(LENGTH);
  return Array.from(bytes.subarray(0, LENGTH), (byte) => ALPHABET[byte & 31]).join('');
}

/** Whether `id` could be one of ours. */
export const isGenerationId = (id: string): boolean => /^[a-z0-9-]{1,64}$/.test(id);

const TIME_DIGITS = 14;
const LATEST_MS = 10 ** TIME_DIGITS - 1;

/** Key of a generation in the index: newest first within its tenant. */
export const indexKey = (tenant: string, createMs: number, id: string): string =>
  `${tenant}.${String(LATEST_MS - createMs).padStart(TIME_DIGITS, '0')}.${id}`;

/** When the generation of an index key was created, milliseconds since the epoch. */
export const createMsOfKey = (key: string): number => LATEST_MS - Number(key.split('.')[1]);

/** The generation id in an index key. */
export const idOfKey = (key: string): string => key.slice(key.lastIndexOf('.') + 1);

/** An opaque token for "behind this key". */
export const pageToken = (key: string): string => Buffer.from(key).toString('base64url');

/** The key in a page token, or null when the token is none of ours or of another tenant. */
export function keyOfToken(token: string, tenant: string): string | null {
  const key = Buffer.from(token, 'base64url').toString();
  const ours = new RegExp(`^${tenant}\\.\\d{${TIME_DIGITS}}\\.[a-z0-9-]{1,64}$`);
  return ours.test(key) ? key : null;
}
