import { PromptSafetyService } from '@atelier/contracts';
import { Client, credentials } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { Code } from './code.ts';
import { serveUnary } from './loopback.fixture.ts';
import { invalidArgument, RpcError, resourceExhausted } from './rpc-error.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function failWith(thrown: unknown, onError?: (error: RpcError) => void): Promise<RpcError> {
  const fixture = await serveUnary(
    async () => {
      throw thrown;
    },
    onError ? { onError } : {},
  );
  stops.push(fixture.stop);
  return fixture.client.classifyPrompt({ prompt: 'a boat' }).then(
    () => expect.fail('the call succeeded'),
    (error: unknown) => error as RpcError,
  );
}

describe('errors across the wire', () => {
  it('keep code, reason, fields and message', async () => {
    const error = await failWith(
      invalidArgument([{ field: 'prompt', description: 'at most 128 words, got 129' }], 'PROMPT_TOO_LONG'),
    );
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({
      code: Code.INVALID_ARGUMENT,
      reason: 'PROMPT_TOO_LONG',
      domain: 'atelier',
      message: 'prompt: at most 128 words, got 129',
      violations: [{ field: 'prompt', description: 'at most 128 words, got 129' }],
    });
  });

  it('keep when to come back', async () => {
    const error = await failWith(resourceExhausted('queue is full', 1_500, 'QUEUE_FULL'));
    expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: 'QUEUE_FULL', retryAfterMs: 1_500 });
  });

  it('say nothing about an unforeseen fault, whose cause the server is told', async () => {
    const told: RpcError[] = [];
    const error = await failWith(new Error('secret prompt inside'), (fault) => told.push(fault));
    expect(error).toMatchObject({ code: Code.INTERNAL, message: 'internal error', reason: 'INTERNAL' });
    expect(told).toHaveLength(1);
    expect(told[0]?.cause).toMatchObject({ message: 'secret prompt inside' });
  });

  it('survive text that is no well-formed Unicode', async () => {
    const error = await failWith(new RpcError(Code.NOT_FOUND, 'half a pair \ud800 here'));
    expect(error).toMatchObject({ code: Code.NOT_FOUND, message: 'half a pair \ufffd here' });
  });
});

describe('RpcError', () => {
  it('goes through google.rpc.Status and back', () => {
    const error = new RpcError(Code.UNAVAILABLE, 'later', {
      reason: 'BUSY',
      retryAfterMs: 250,
      metadata: { limit: '4' },
    });
    expect(RpcError.fromStatus(error.toStatus())).toMatchObject({
      code: Code.UNAVAILABLE,
      message: 'later',
      reason: 'BUSY',
      retryAfterMs: 250,
      metadata: { limit: '4' },
    });
  });

  it.each([
    ['AbortError', Code.CANCELLED],
    ['TimeoutError', Code.DEADLINE_EXCEEDED],
    ['RangeError', Code.INTERNAL],
  ])('takes a thrown %s as code %i', (name, code) => {
    const thrown = Object.assign(new Error('x'), { name });
    expect(RpcError.from(thrown)).toMatchObject({ code, cause: thrown });
  });

  it('takes what is no Error at all', () => {
    expect(RpcError.from('text')).toMatchObject({ code: Code.INTERNAL, message: 'internal error' });
  });
});

describe('bytes that are no request', () => {
  async function sendBytes(bytes: Buffer, maxMessageBytes?: number): Promise<RpcError> {
    const fixture = await serveUnary(
      async () => expect.fail('the handler ran'),
      maxMessageBytes === undefined ? {} : { maxMessageBytes },
    );
    stops.push(fixture.stop);
    const raw = new Client(fixture.address, credentials.createInsecure());
    const path = `/${PromptSafetyService.typeName}/ClassifyPrompt`;
    try {
      return await new Promise((resolve, reject) =>
        raw.makeUnaryRequest(
          path,
          (value: Buffer) => value,
          (value) => value,
          bytes,
          (error) => (error ? resolve(RpcError.from(error)) : reject(new Error('the call succeeded'))),
        ),
      );
    } finally {
      raw.close();
    }
  }

  it('with invalid UTF-8 name the field', async () => {
    // Field 2 (negative_prompt), two bytes, 0xff is in no UTF-8 text.
    const error = await sendBytes(Buffer.from([0x12, 0x02, 0x41, 0xff]));
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'INVALID_UTF8' });
    expect(error.violations).toEqual([{ field: 'negative_prompt', description: 'must be valid UTF-8' }]);
  });

  it('of garbage are refused as malformed', async () => {
    const error = await sendBytes(Buffer.from([0x0a, 0xff, 0xff]));
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'MALFORMED_MESSAGE' });
  });

  it('above the limit are refused with the limit', async () => {
    const error = await sendBytes(Buffer.alloc(100_000_000), 1_000_000);
    expect(error.code).toBe(Code.RESOURCE_EXHAUSTED);
    expect(error.message).toContain('1000000');
  });
});
