/** Who may call whom, tried out: every RPC service × method × caller, with certificates of a real authority. */
import * as contracts from '@atelier/contracts';
import { createThrowAwayCa, type ThrowAwayCa } from '@atelier/local-mesh';
import {
  allowList,
  bind,
  type Client,
  Code,
  createClient,
  createServer,
  healthChecker,
  MESH_MEMBERS,
  type MeshTls,
  mayCall,
  openMeshTls,
  RpcError,
  type RpcServer,
  type ServiceImpl,
} from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import type { DescService } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const services = (Object.values(contracts) as unknown[]).filter(
  (value): value is DescService => (value as { kind?: unknown } | null)?.kind === 'service',
);

let ca: ThrowAwayCa;
const members = new Map<string, MeshTls>();
const servers = new Map<string, { server: RpcServer; address: string }>();

/** A service whose methods all answer with an empty message. */
function willing(service: DescService): ServiceImpl<DescService> {
  return Object.fromEntries(
    service.methods.map((method) => [
      method.localName,
      method.methodKind === 'unary'
        ? async () => ({})
        : async function* () {
            yield {};
          },
    ]),
  ) as ServiceImpl<DescService>;
}

async function serve(service: DescService, tls: MeshTls) {
  const server = createServer({ bindings: [bind(service, willing(service))], tls });
  const address = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  server.setServing(true);
  return { server, address };
}

/** OK, or the code that the call of `method` fails with. */
async function codeOf(service: DescService, localName: string, address: string, tls: MeshTls): Promise<Code> {
  const client = createClient(service, { address, tls });
  try {
    const call = (client as unknown as Record<string, (request: object) => unknown>)[localName];
    const result = call?.({});
    if (result instanceof Promise) await result;
    else for await (const _ of result as AsyncIterable<unknown>);
    return Code.OK;
  } catch (error) {
    return RpcError.from(error).code;
  } finally {
    client.close();
  }
}

beforeAll(async () => {
  ca = await createThrowAwayCa();
  for (const member of MESH_MEMBERS) members.set(member, openMeshTls(await ca.issue(member)));
  for (const service of services) {
    const tls = members.get(allowList[service.typeName]?.servedBy ?? '') as MeshTls;
    servers.set(service.typeName, await serve(service, tls));
  }
});
afterAll(async () => {
  await Promise.all([...servers.values()].map(({ server }) => server.drain(0)));
  for (const tls of members.values()) tls.close();
  await ca?.remove();
});

test('every RPC service of the contracts is in the table', () => {
  expect(services.map(({ typeName }) => typeName).sort()).toEqual(Object.keys(allowList).sort());
});

const methods = services.flatMap((service) =>
  service.methods.map(({ name, localName }) => [`${service.typeName}/${name}`, service, localName] as const),
);

test.each(methods)('%s lets in whom the table names, and nobody else', async (_, service, localName) => {
  const address = servers.get(service.typeName)?.address ?? '';
  const codes: Record<string, string> = {};
  const expected: Record<string, string> = {};
  await Promise.all(
    MESH_MEMBERS.map(async (member) => {
      codes[member] = Code[await codeOf(service, localName, address, members.get(member) as MeshTls)] ?? '';
      expected[member] = mayCall(member, service.typeName) ? 'OK' : 'PERMISSION_DENIED';
    }),
  );
  expect(codes).toEqual(expected);
});

describe('a caller', () => {
  const service = contracts.PromptSafetyService;
  const address = () => servers.get(service.typeName)?.address ?? '';
  const codeAs = (tls: MeshTls) => codeOf(service, 'classifyPrompt', address(), tls);

  test.each([
    ['no name of the mesh', 'DNS:orchestrator'],
    ['two names', 'URI:spiffe://atelier/diffusion,URI:spiffe://atelier/orchestrator'],
    ['a name of another domain', 'URI:spiffe://elsewhere/orchestrator'],
    ['a name that only begins like one', 'URI:spiffe://atelier/orchestrator/x'],
  ])('whose certificate has %s is denied', async (_, subjectAltName) => {
    const tls = openMeshTls(await ca.issue('stranger', subjectAltName));
    expect(await codeAs(tls)).toBe(Code.PERMISSION_DENIED);
    tls.close();
  });

  test('with the right name from another authority gets no connection', async () => {
    const other = await createThrowAwayCa();
    const forged = await other.issue('orchestrator');
    const { caFile } = await ca.issue('any');
    const tls = openMeshTls({ ...forged, caFile });
    expect(await codeAs(tls)).toBe(Code.UNAVAILABLE);
    tls.close();
    await other.remove();
  });

  test('without TLS gets no connection', async () => {
    const client = createClient(service, { address: address() });
    await expect(client.classifyPrompt({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    client.close();
  });

  test('does not talk to another service in the place of the one it calls', async () => {
    const impostor = await serve(service, members.get('diffusion') as MeshTls);
    const code = await codeOf(
      service,
      'classifyPrompt',
      impostor.address,
      members.get('orchestrator') as MeshTls,
    );
    expect(code).toBe(Code.UNAVAILABLE);
    await impostor.server.drain(0);
  });

  test('may ask for health with any name, and a probe without one', async () => {
    const health = healthChecker(address(), '', members.get('web'));
    expect(await health.check()).toBe('SERVING');
    health.close();
    const { server } = servers.get(service.typeName) as { server: RpcServer };
    const probe = healthChecker(`127.0.0.1:${await server.listenForProbes('127.0.0.1:0')}`);
    expect(await probe.check()).toBe('SERVING');
    probe.close();
    const plain: Client<typeof service> & { close(): void } = createClient(service, { address: address() });
    plain.close();
  });
});

test('replaced files are used without a restart, by both sides, also those of a new authority', async () => {
  const service = contracts.TextEncoderService;
  const [first, second] = await Promise.all([createThrowAwayCa(), createThrowAwayCa()]);
  const { copyFile } = await import('node:fs/promises');
  const mounted = await first.issue('text-encoder');
  const told: string[] = [];
  const options = { refreshMs: 50, onError: (error: Error) => void told.push(error.message) };
  const tls = openMeshTls(mounted, options);
  const { server, address } = await serve(service, tls);
  const old = openMeshTls(await first.issue('orchestrator'));
  const next = openMeshTls(await second.issue('orchestrator'));
  expect(await codeOf(service, 'encodeText', address, old)).toBe(Code.OK);
  expect(await codeOf(service, 'encodeText', address, next)).toBe(Code.UNAVAILABLE);

  const replacement = await second.issue('text-encoder');
  // One by one, as they come: a certificate with another one's key is told and not used.
  await copyFile(replacement.certificateFile, mounted.certificateFile);
  await eventually('the half replacement is told', () => told.length > 0);
  expect(await codeOf(service, 'encodeText', address, old)).toBe(Code.OK);
  await copyFile(replacement.privateKeyFile, mounted.privateKeyFile);
  await copyFile(replacement.caFile, mounted.caFile);
  await eventually(
    'the new authority is trusted',
    async () => (await codeOf(service, 'encodeText', address, next)) === Code.OK,
  );
  expect(await codeOf(service, 'encodeText', address, old)).toBe(Code.UNAVAILABLE);
  await server.drain(0);
  for (const member of [tls, old, next]) member.close();
  await Promise.all([first.remove(), second.remove()]);
});
