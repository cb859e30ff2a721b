/** gRPC server reflection (v1 and v1alpha) from the generated descriptors. */
import { ErrorInfoSchema } from '@atelier/contracts';
import type { DescFile, DescService } from '@bufbuild/protobuf';
import { toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { ReflectionService } from '@grpc/reflection';
import { HEALTH_FILE } from './health-descriptor.ts';

/** The reflection service over `services`, health and the details of errors, their files and all files those import. */
export function reflection(services: DescService[]): ReflectionService {
  const files = new Map<string, Buffer>();
  for (const service of services) collect(service.file, files);
  // No request names them, but whoever reads an error by reflection needs them.
  collect(ErrorInfoSchema.file, files);
  // @grpc/reflection reads nothing but the descriptors of a package definition.
  return new ReflectionService({
    files: {
      format: 'Protocol Buffer 3 DescriptorProto',
      type: {},
      fileDescriptorProtos: [
        ...files.values(),
        Buffer.from(toBinary(FileDescriptorProtoSchema, HEALTH_FILE)),
      ],
    },
  });
}

/** Adds `file` after the files it imports. */
function collect(file: DescFile, files: Map<string, Buffer>): void {
  if (files.has(file.name)) return;
  for (const dependency of file.dependencies) collect(dependency, files);
  files.set(file.name, Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)));
}
