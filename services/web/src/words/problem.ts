/** Errors of the mesh in plain words: the one place where an error becomes something a person reads. */
import { Code, codeName, type RpcError, type Violation } from '@atelier/rpc';

/** An error as the page and REST clients get it. */
export interface Problem {
  /** Canonical gRPC code: "INVALID_ARGUMENT". */
  code: string;
  /** What happened, for programs: "QUEUE_FULL". */
  reason: string;
  /** What happened and what to do, for people. */
  message: string;
  /** Refused fields, in camelCase. */
  fields: { field: string; message: string }[];
  /** Least wait before another try, milliseconds. */
  retryAfterMs?: number;
}

/** Reason of an error whose message was made for people already: why something was blocked. */
export const SAID = 'CONTENT_POLICY_VIOLATION';

const BY_REASON: Readonly<Record<string, number>> = {
  [SAID]: 400,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  METHOD_NOT_ALLOWED: 405,
  INPUT_EXPIRED: 410,
};

const BY_CODE: Partial<Record<Code, number>> = {
  [Code.INVALID_ARGUMENT]: 400,
  [Code.OUT_OF_RANGE]: 400,
  [Code.FAILED_PRECONDITION]: 409,
  [Code.ALREADY_EXISTS]: 409,
  [Code.ABORTED]: 409,
  [Code.UNAUTHENTICATED]: 401,
  [Code.PERMISSION_DENIED]: 403,
  [Code.NOT_FOUND]: 404,
  [Code.RESOURCE_EXHAUSTED]: 429,
  [Code.CANCELLED]: 499,
  [Code.UNIMPLEMENTED]: 501,
  [Code.UNAVAILABLE]: 503,
  [Code.DEADLINE_EXCEEDED]: 504,
};

/** Status of an answer that tells `error`. */
export const httpStatus = (error: RpcError): number => BY_REASON[error.reason] ?? BY_CODE[error.code] ?? 500;

export function problemOf(error: RpcError): Problem {
  return {
    code: codeName(error.code),
    reason: error.reason,
    message: messageOf(error),
    fields: error.violations.map((violation) => ({
      field: camelCase(violation.field),
      message: sentence(violation),
    })),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: Math.ceil(error.retryAfterMs) }),
  };
}

/** Sentences by reason; they say what to do where something can be done. */
const SENTENCES: Readonly<Record<string, string>> = {
  QUEUE_FULL: 'Many pictures are being drawn right now.',
  GENERATION_NOT_FOUND: 'There is no such picture here. Pictures are kept for seven days.',
  PICTURE_NOT_FOUND: 'There is no such picture here. Pictures are kept for seven days.',
  NO_SUCH_PATH: 'There is nothing at this address.',
  METHOD_NOT_ALLOWED: 'This address does not take that kind of request.',
  UNSUPPORTED_MEDIA_TYPE: 'The request must be sent as application/json.',
  MALFORMED_JSON: 'The request is not valid JSON.',
  REQUEST_ID_REUSED: 'This request id was used before, for something else.',
  INPUT_EXPIRED: 'The picture to begin from is no longer kept. Please choose another.',
  SAFETY_UNAVAILABLE:
    'The safety check could not be reached, so nothing was drawn. Please try again in a moment.',
  ATTEMPTS_EXHAUSTED:
    'A part of the studio was away for too long, so the picture was given up. Please try again.',
  GENERATION_TIMEOUT: 'Drawing took too long and was stopped. Fewer steps or fewer pictures help.',
};

const BY_CODE_SENTENCES: Partial<Record<Code, string>> = {
  [Code.UNAVAILABLE]: 'A part of the studio can not be reached right now.',
  [Code.RESOURCE_EXHAUSTED]: 'The studio is busy right now.',
  [Code.DEADLINE_EXCEEDED]: 'The answer took too long. Please try again.',
  [Code.CANCELLED]: 'This was stopped before it was finished.',
  [Code.NOT_FOUND]: 'There is nothing of that name here.',
};

const WAITING: readonly Code[] = [Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED];

function messageOf(error: RpcError): string {
  if (error.reason === 'BODY_TOO_LARGE')
    return `The request ${error.violations[0]?.description ?? 'is too large'}.`;
  if (error.reason === SAID) return error.message;
  const known = SENTENCES[error.reason];
  if (known === undefined && error.violations.length > 0) return error.violations.map(sentence).join(' ');
  const said =
    known ?? BY_CODE_SENTENCES[error.code] ?? 'Something went wrong on our side. Please try again.';
  return WAITING.includes(error.code) && !said.includes('try again') ? `${said} ${whenToRetry(error)}` : said;
}

function whenToRetry({ retryAfterMs = 0 }: RpcError): string {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  return seconds > 1 ? `Please try again in ${seconds} seconds.` : 'Please try again in a moment.';
}

/** What people call the fields of a request. */
const LABELS: Readonly<Record<string, string>> = {
  prompt: 'The prompt',
  prefix: 'The prompt',
  negativePrompt: 'What to leave out',
  count: 'The number of pictures',
  n: 'The number of pictures (n)',
  size: 'The size',
  seed: 'The seed',
  steps: 'The number of steps',
  guidanceScale: 'The guidance',
  style: 'The style',
  'options.initImage': 'The picture to begin from',
  'options.mask': 'The mask',
  'options.strength': 'The strength of the change',
  'interaction.interactionId': 'The id',
  body: 'The request',
};

/** "prompt", "must have at most 128 words" → "The prompt must have at most 128 words." */
function sentence({ field, description }: Violation): string {
  const name = camelCase(field);
  return `${LABELS[name] ?? `“${name}”`} ${description}.`;
}

const camelCase = (field: string): string =>
  field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
