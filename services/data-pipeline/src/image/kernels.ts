/** The compiled inner loops (../../kernels/kernels.ts), and their memory. */
import { readFileSync } from 'node:fs';

interface Memory {
  buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** As much of the WebAssembly interface as is used: no type library of Node's has it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

interface Kernels {
  memory: Memory;
  down(
    rows: number,
    run: number,
    starts: number,
    taps: number,
    weights: number,
    height: number,
    to: number,
    stride: number,
  ): void;
  across(
    rows: number,
    stride: number,
    starts: number,
    taps: number,
    weights: number,
    width: number,
    height: number,
    to: number,
  ): void;
  product(a: number, rows: number, inner: number, b: number, to: number): void;
  oriented(cells: number, orientation: number, to: number): void;
  signs(cells: number, order: number, margin: number, scratch: number, to: number): void;
}

const compiled = new WebAssembly.Module(readFileSync(new URL('kernels.wasm', import.meta.url)));
export const kernels = new WebAssembly.Instance(compiled).exports as Kernels;

/** Below lies what the compiler keeps there. */
const BASE = 1_024;
/** Vectors may read and write as far beyond what they are given. */
const VECTOR = 16;
const PAGE = 65_536;

let bytes = new Uint8Array(kernels.memory.buffer);
let end = BASE;

/** A call lays out what it needs from the start again: nothing in there outlives the call. */
export function layOut(): void {
  end = BASE;
}

/** Room for so many bytes; where it begins. */
export function room(length: number): number {
  const at = end;
  end += Math.ceil(length / VECTOR) * VECTOR + VECTOR;
  if (end > bytes.length) {
    kernels.memory.grow(Math.ceil((end - bytes.length) / PAGE));
    bytes = new Uint8Array(kernels.memory.buffer);
  }
  return at;
}

/** A copy of the values; where it begins. */
export function put(values: Uint8Array | Int16Array | Int32Array | Float32Array): number {
  const at = room(values.byteLength);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
  return at;
}

/** A copy of `length` bytes from `at` on. */
export const take = (at: number, length: number): Uint8Array<ArrayBuffer> => bytes.slice(at, at + length);
