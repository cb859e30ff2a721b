export * from './baseline.ts';
export * from './convert.ts';
export * from './errors.ts';
export * from './micro-batcher.ts';
export type { TensorSpec, Tensors } from './protocol.ts';
export * from './providers.ts';
export * from './seeded.ts';
export * from './session.ts';
export * from './tensor.ts';
