/** Errors as OpenAI's clients know them. */
import { Code, type RpcError } from '@atelier/rpc';
import { httpStatus, problemOf } from '../words/problem.ts';

export interface OpenAiError {
  error: { message: string; type: string; param: string | null; code: string | null };
}

/** OpenAI's names for what they call otherwise. */
const PARAMETERS: Readonly<Record<string, string>> = { count: 'n' };

export function openAiError(error: RpcError): OpenAiError {
  const { message, reason, fields } = problemOf(error);
  const field = fields[0]?.field ?? '';
  const busy = error.code === Code.RESOURCE_EXHAUSTED;
  const ours = httpStatus(error) >= 500;
  return {
    error: {
      message,
      type: busy ? 'requests' : ours ? 'server_error' : 'invalid_request_error',
      param: field === '' || field === 'body' ? null : (PARAMETERS[field] ?? field),
      code: busy ? 'rate_limit_exceeded' : reason.toLowerCase(),
    },
  };
}
