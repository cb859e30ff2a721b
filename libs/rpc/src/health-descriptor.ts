/**
 * grpc.health.v1 as far as probes use it: Check and Watch. Written out, so that no process reads a .proto file when it starts.
 */
import { create } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

const PACKAGE = 'grpc.health.v1';
const RESPONSE = `.${PACKAGE}.HealthCheckResponse`;
const REQUEST = `.${PACKAGE}.HealthCheckRequest`;
const label = FieldDescriptorProto_Label.OPTIONAL;

export const HEALTH_FILE = create(FileDescriptorProtoSchema, {
  name: 'grpc/health/v1/health.proto',
  package: PACKAGE,
  syntax: 'proto3',
  messageType: [
    {
      name: 'HealthCheckRequest',
      field: [
        { name: 'service', number: 1, label, type: FieldDescriptorProto_Type.STRING, jsonName: 'service' },
      ],
    },
    {
      name: 'HealthCheckResponse',
      field: [
        {
          name: 'status',
          number: 1,
          label,
          type: FieldDescriptorProto_Type.ENUM,
          typeName: `${RESPONSE}.ServingStatus`,
          jsonName: 'status',
        },
      ],
      enumType: [
        {
          name: 'ServingStatus',
          value: ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'].map((name, number) => ({
            name,
            number,
          })),
        },
      ],
    },
  ],
  service: [
    {
      name: 'Health',
      method: [
        { name: 'Check', inputType: REQUEST, outputType: RESPONSE },
        { name: 'Watch', inputType: REQUEST, outputType: RESPONSE, serverStreaming: true },
      ],
    },
  ],
});
