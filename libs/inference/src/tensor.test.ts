import { expect, test } from 'vitest';
import { releaseTensor, sharedFloat32, tensor } from './tensor.ts';

test('a released tensor holds no memory, a shared one stays', () => {
  const own = tensor('float32', [2, 3], new Float32Array(6));
  const shared = sharedFloat32([2, 3]);
  releaseTensor(own);
  releaseTensor(shared);
  expect([own.data.byteLength, own.data.buffer.byteLength, shared.data.length]).toEqual([0, 0, 6]);
});
