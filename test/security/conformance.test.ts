/** The wire as others speak it: grpcurl (Go) and grpcio (Python, on gRPC's C core) against a server of ours. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  DiffusionService,
  ImageFormat,
  SuperResolutionService,
  TextEncoderService,
} from '@atelier/contracts';
import { bind, createServer, invalidArgument, type RpcServer } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram, missingPrograms } from '../helm/tools.ts';
import { PYTHON, pythonHas } from '../python.ts';

const run = promisify(execFile);
const LARGE_BYTES = 12 * 1_048_576;

let server: RpcServer;
let address: string;
/** What the server saw. */
const seen = { cancelled: 0, metadata: '' };

beforeAll(async () => {
  server = createServer({
    bindings: [
      bind(TextEncoderService, {
        async encodeText({ texts }, ctx) {
          if (texts.includes('refused'))
            throw invalidArgument([{ field: 'texts', description: 'one is refused' }]);
          seen.metadata = ctx.metadata.get('x-conformance').join();
          await sleep(texts.length > 0 ? 0 : 500);
          return { embeddings: texts.map((text) => ({ unknownConcepts: [text] })) };
        },
      }),
      bind(DiffusionService, {
        async *generateImage(_request, { signal }) {
          signal.addEventListener('abort', () => (seen.cancelled += 1), { once: true });
          for (let step = 1; !signal.aborted; step++) {
            yield { event: { case: 'step' as const, value: { step, steps: 1_000 } } };
            await sleep(20);
          }
        },
      }),
      bind(SuperResolutionService, {
        async upscaleImage({ image }) {
          const data = image?.data ?? new Uint8Array();
          return { image: { width: 1, height: 1, format: ImageFormat.RGB8, data } };
        },
      }),
    ],
  });
  address = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  server.setServing(true);
});
afterAll(async () => await server?.drain(0));

const grpcurl = await findProgram('grpcurl');
if (!grpcurl) console.log(await missingPrograms('grpcurl'));

describe.skipIf(!grpcurl)('grpcurl', () => {
  const call = async (...args: string[]) => {
    try {
      const { stdout } = await run(grpcurl ?? '', ['-plaintext', ...args], { maxBuffer: 64 << 20 });
      return stdout;
    } catch (error) {
      return String((error as { stderr?: string }).stderr ?? error);
    }
  };
  const ENCODE = 'atelier.text_encoder.v1.TextEncoderService/EncodeText';

  test('finds services and messages by reflection', async () => {
    expect(await call(address, 'list')).toContain('atelier.diffusion.v1.DiffusionService');
    expect(await call(address, 'describe', '.atelier.text_encoder.v1.EncodeTextRequest')).toContain('texts');
  });
  test('gets health', async () => {
    expect(await call(address, 'grpc.health.v1.Health/Check')).toContain('SERVING');
    const unknown = await call('-d', '{"service":"none"}', address, 'grpc.health.v1.Health/Check');
    expect(unknown).toMatch(/NotFound/);
  });
  test('calls with metadata', async () => {
    const args = ['-H', 'x-conformance: one', '-d', '{"texts":["boat"]}', address, ENCODE];
    expect(await call(...args)).toContain('boat');
    expect(seen.metadata).toBe('one');
  });
  test('is refused with details that it can read', async () => {
    const refused = await call('-d', '{"texts":["refused"]}', address, ENCODE);
    expect(refused).toMatch(
      /InvalidArgument[\s\S]*google\.rpc\.BadRequest[\s\S]*fieldViolations[\s\S]*one is refused/,
    );
  });
  test('cancels a stream by going away', async () => {
    const before = seen.cancelled;
    const method = 'atelier.diffusion.v1.DiffusionService/GenerateImage';
    // Its deadline: two seconds, of which connecting takes a part.
    expect(await call('-max-time', '2', '-d', '{}', address, method)).toMatch(/DeadlineExceeded/);
    await eventually('the cancel', () => seen.cancelled > before);
  });
});

const hasGrpc = pythonHas('grpc');
if (!hasGrpc) console.log(`grpcio skipped: ${PYTHON} has none (.ci/tools installs it; ATELIER_PYTHON)`);

describe.skipIf(!hasGrpc)('grpcio', () => {
  const python = async (what: string) => {
    const program = join(import.meta.dirname, 'conformance.py');
    const { stdout } = await run(PYTHON, [program, address, what, String(LARGE_BYTES)]);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  test('cancel after begin reaches the handler', async () => {
    const before = seen.cancelled;
    expect(await python('cancel')).toEqual({ code: 'CANCELLED', messages: 3 });
    await eventually('the cancel', () => seen.cancelled > before);
  });
  test('a deadline of 1 ms', async () => {
    expect(await python('deadline')).toEqual({ code: 'DEADLINE_EXCEEDED' });
  });
  test('a large unary message, there and back', async () => {
    expect(await python('large')).toEqual({ code: 'OK', same: true });
  });
  test('one above the limit', async () => {
    expect(await python('too-large')).toEqual({ code: 'RESOURCE_EXHAUSTED' });
  });
  test('a method that is none, and a service that is none', async () => {
    expect(await python('unimplemented')).toEqual({ codes: ['UNIMPLEMENTED', 'UNIMPLEMENTED'] });
  });
  test('metadata goes in, status details come out', async () => {
    expect(await python('metadata')).toEqual({ code: 'INVALID_ARGUMENT', details: true });
    expect(seen.metadata).toBe('two');
  });
  test('bytes that are no message', async () => {
    expect(await python('malformed')).toEqual({ code: 'INVALID_ARGUMENT' });
  });
});
