/**
 * The contracts of Atelier: messages and services generated from `proto/` (run `npm run gen`; never edit `gen/`).
 * Names are unique over all packages, so everything is exported flat, and with it the runtime of the messages, so that
 * services need no second import for the same subject.
 */
export {
  clone,
  create,
  equals,
  fromBinary,
  fromJson,
  isMessage,
  type Message,
  type MessageInitShape,
  type MessageShape,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
export {
  anyPack,
  anyUnpack,
  durationFromMs,
  durationMs,
  type Timestamp,
  timestampDate,
  timestampFromDate,
  timestampFromMs,
  timestampMs,
  timestampNow,
} from '@bufbuild/protobuf/wkt';
export * from './gen/atelier/autocomplete/v1/autocomplete_pb.ts';
export * from './gen/atelier/diffusion/v1/diffusion_pb.ts';
export * from './gen/atelier/events/v1/curation_pb.ts';
export * from './gen/atelier/events/v1/events_pb.ts';
export * from './gen/atelier/events/v1/generation_record_pb.ts';
export * from './gen/atelier/feedback/v1/feedback_pb.ts';
export * from './gen/atelier/generation/v1/generation_pb.ts';
export * from './gen/atelier/generation/v1/generation_service_pb.ts';
export * from './gen/atelier/harm_detection/v1/harm_detection_pb.ts';
export * from './gen/atelier/insights/v1/insights_pb.ts';
export * from './gen/atelier/prompt_enhancement/v1/prompt_enhancement_pb.ts';
export * from './gen/atelier/prompt_safety/v1/prompt_safety_pb.ts';
export * from './gen/atelier/super_resolution/v1/super_resolution_pb.ts';
export * from './gen/atelier/text_encoder/v1/text_encoder_pb.ts';
export * from './gen/atelier/type/v1/image_pb.ts';
export * from './gen/atelier/type/v1/model_version_pb.ts';
export * from './gen/atelier/type/v1/safety_verdict_pb.ts';
export * from './gen/atelier/type/v1/tensor_pb.ts';
export * from './gen/google/rpc/error_details_pb.ts';
export * from './gen/google/rpc/status_pb.ts';
export * from './interaction.ts';
export * from './prompt-text.ts';
export * from './sampling-options.ts';
