export * from './causal-model.ts';
export * from './generate.ts';
export * from './sampling.ts';
