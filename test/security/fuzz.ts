/** Mutated requests, sent to every RPC method of a server in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as contracts from '@atelier/contracts';
import { Code } from '@atelier/rpc';
import { create, type DescMethod, type DescService, toBinary } from '@bufbuild/protobuf';
import { Client, credentials } from '@grpc/grpc-js';
import { mutate, randomOf } from './mutate.ts';

export interface FuzzResult {
  messages: number;
  /** Times that the server died. */
  crashes: number;
  /** Answers by code; INTERNAL and UNKNOWN are faults of ours. */
  codes: Record<string, number>;
  seconds: number;
  /** What the server said of its faults, first lines. */
  said: string[];
}

const AT_A_TIME = 64;

const methods: DescMethod[] = (Object.values(contracts) as unknown[])
  .filter((value): value is DescService => (value as { kind?: unknown } | null)?.kind === 'service')
  .flatMap((service) => service.methods);

/** A filled message of each kind to begin from: every scalar set, every message one level deep. */
function seedOf(method: DescMethod): Uint8Array {
  const fill = (message: DescMethod['input'], depth: number): Record<string, unknown> =>
    Object.fromEntries(
      message.fields.flatMap((field): [string, unknown][] => {
        if (field.oneof && field.oneof.fields[0] !== field) return [];
        const inOneof = (value: unknown): [string, unknown][] =>
          field.oneof
            ? [[field.oneof.localName, { case: field.localName, value }]]
            : [[field.localName, value]];
        if (field.fieldKind === 'message')
          return depth > 0 ? inOneof(create(field.message, fill(field.message, depth - 1))) : [];
        if (field.fieldKind === 'enum') return inOneof(1);
        if (field.fieldKind !== 'scalar') return [];
        const samples: Record<number, unknown> = { 8: true, 9: 'A boat', 12: new Uint8Array([1, 2, 3]) };
        const isLong = [3, 4, 6, 16, 18].includes(field.scalar);
        return inOneof(samples[field.scalar] ?? (isLong ? 7n : 7));
      }),
    );
  return toBinary(method.input, create(method.input, fill(method.input, 3)));
}

/** Send `count` messages, or as many as `limitMs` has time for. */
export async function fuzz(count: number, limitMs: number, seed = 1): Promise<FuzzResult> {
  const random = randomOf(seed);
  const target = spawn(process.execPath, [join(import.meta.dirname, 'fuzz-target.ts')], { stdio: 'pipe' });
  const result: FuzzResult = { messages: 0, crashes: 0, codes: {}, seconds: 0, said: [] };
  target.stderr.on('data', (line: Buffer) => result.said.length < 5 && result.said.push(line.toString()));
  const exited = once(target, 'exit').then(() => 'exit' as const);
  const port = await Promise.race([once(target.stdout, 'data').then(String), exited]);
  if (port === 'exit') throw new Error(`the target did not start: ${result.said.join('')}`);
  const client = new Client(`127.0.0.1:${port.trim()}`, credentials.createInsecure());
  const seeds = methods.map((method) => ({
    path: `/${method.parent.typeName}/${method.name}`,
    stream: method.methodKind !== 'unary',
    bytes: seedOf(method),
  }));
  const began = performance.now();

  const send = (): Promise<Code> => {
    const { path, stream, bytes } = seeds[Math.floor(random() * seeds.length)] as (typeof seeds)[number];
    const message = mutate(bytes, random);
    const same = (value: Buffer): Buffer => value;
    const options = { deadline: Date.now() + 60_000 };
    return new Promise((resolve) => {
      if (stream) {
        const call = client.makeServerStreamRequest(path, same, same, message, options);
        call.on('data', () => {}).on('error', ({ code }: { code?: Code }) => resolve(code ?? Code.UNKNOWN));
        call.on('end', () => resolve(Code.OK));
      } else {
        client.makeUnaryRequest(path, same, same, message, options, (error) =>
          resolve(error?.code ?? Code.OK),
        );
      }
    });
  };
  const sender = async (): Promise<void> => {
    while (result.messages < count && performance.now() - began < limitMs && target.exitCode === null) {
      result.messages += 1;
      const code = Code[await send()] ?? '';
      result.codes[code] = (result.codes[code] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, sender));
  result.seconds = Math.round((performance.now() - began) / 1_000);
  if (target.exitCode !== null || target.signalCode !== null) result.crashes = 1;
  client.close();
  target.stdin.end();
  await exited;
  return result;
}
