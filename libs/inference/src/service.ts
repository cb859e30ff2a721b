/** What services need around models: settings, errors and tensors on the wire. */
export * from './proto-tensor.ts';
export * from './rpc-error.ts';
export * from './settings.ts';
