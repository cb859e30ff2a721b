/** gRPC server reflection (v1 and v1alpha) from the generated descriptors; what it takes is loaded when somebody asks. */
import { createRequire } from 'node:module';
import { ErrorInfoSchema } from '@atelier/contracts';
import type { DescFile, DescService } from '@bufbuild/protobuf';
import { toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type {
  handleBidiStreamingCall,
  MethodDefinition,
  Server,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { HEALTH_FILE } from './health-descriptor.ts';

const require = createRequire(import.meta.url);

const METHOD = 'ServerReflectionInfo';
const VERSIONS = ['v1', 'v1alpha'] as const;

interface Loaded {
  readonly method: MethodDefinition<unknown, unknown>;
  readonly handle: handleBidiStreamingCall<unknown, unknown>;
}

/**
 * Adds the reflection service over `services`, health and the details of errors, their files and all files those import. A
 * second implementation of protobuf comes with it, a tenth of a process's start, and hardly any process is ever asked.
 */
export function addReflection(server: Server, services: readonly DescService[]): void {
  let loaded: readonly Loaded[] | undefined;
  for (const [i, version] of VERSIONS.entries()) {
    const it = (): Loaded => {
      loaded ??= load(services);
      return loaded[i] as Loaded;
    };
    const definition: MethodDefinition<unknown, unknown> = {
      path: `/grpc.reflection.${version}.ServerReflection/${METHOD}`,
      requestStream: true,
      responseStream: true,
      requestSerialize: (value) => it().method.requestSerialize(value),
      requestDeserialize: (bytes) => it().method.requestDeserialize(bytes),
      responseSerialize: (value) => it().method.responseSerialize(value),
      responseDeserialize: (bytes) => it().method.responseDeserialize(bytes),
    };
    const handle: Loaded['handle'] = (call) => it().handle(call);
    server.addService({ [METHOD]: definition }, { [METHOD]: handle });
  }
}

/** By version, in the order of VERSIONS: the order in which @grpc/reflection adds them to a server. */
function load(services: readonly DescService[]): Loaded[] {
  const { ReflectionService } = require('@grpc/reflection') as typeof import('@grpc/reflection');
  const files = new Map<string, Buffer>();
  for (const service of services) collect(service.file, files);
  // No request names them, but whoever reads an error by reflection needs them.
  collect(ErrorInfoSchema.file, files);
  const added: Loaded[] = [];
  const collector: Pick<Server, 'addService'> = {
    addService(definition: ServiceDefinition, { [METHOD]: handle }: UntypedServiceImplementation) {
      added.push({ method: definition[METHOD], handle } as Loaded);
    },
  };
  // @grpc/reflection reads nothing but the descriptors of a package definition.
  new ReflectionService({
    files: {
      format: 'Protocol Buffer 3 DescriptorProto',
      type: {},
      fileDescriptorProtos: [
        ...files.values(),
        Buffer.from(toBinary(FileDescriptorProtoSchema, HEALTH_FILE)),
      ],
    },
  }).addToServer(collector as Server);
  return added;
}

/** Adds `file` after the files it imports. */
function collect(file: DescFile, files: Map<string, Buffer>): void {
  if (files.has(file.name)) return;
  for (const dependency of file.dependencies) collect(dependency, files);
  files.set(file.name, Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)));
}
