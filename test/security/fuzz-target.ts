/** A server with every RPC service of the contracts, in a process of its own that a bad message may kill; it prints its port. */
import * as contracts from '@atelier/contracts';
import { bind, createServer, RpcError, type ServiceImpl } from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';
import { validateCreate, validateId, validateList } from '../../services/orchestrator/src/validate.ts';

const services = (Object.values(contracts) as unknown[]).filter(
  (value): value is DescService => (value as { kind?: unknown } | null)?.kind === 'service',
);

/** What the orchestrator does with a request before anything else. */
const validators: Record<string, (request: never) => unknown> = {
  CreateGenerationRequest: (request) => validateCreate(request, ['en']),
  GetGenerationRequest: (request: { id: string }) => validateId(request.id),
  ListGenerationsRequest: (request) => validateList(request),
};

const bindings = services.map((service) =>
  bind(
    service,
    Object.fromEntries(
      service.methods.map(({ localName, methodKind, input }) => {
        const validate = (request: unknown) => void validators[input.name]?.(request as never);
        const unary = async (request: unknown) => {
          validate(request);
          return {};
        };
        const stream = async function* (request: unknown) {
          validate(request);
          yield {};
        };
        return [localName, methodKind === 'unary' ? unary : stream];
      }),
    ) as ServiceImpl<DescService>,
  ),
);
const server = createServer({
  bindings,
  onError: (error, method) => console.error(method, error.message, RpcError.from(error).cause),
});
console.log(await server.listen('127.0.0.1:0'));
process.stdin.on('end', () => void server.drain(0)).resume();
