/**
 * What reflection says of grpc.health.v1, for tools that know services by reflection alone. Written out, because the descriptor that
 * grpc-health-check carries has a map in a form that Go refuses; of its methods the two that probes use.
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
