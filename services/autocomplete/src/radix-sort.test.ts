import { expect, it } from 'vitest';
import { radixSort } from './radix-sort.ts';

it.each([1, 2, 3, 4])('sorts numbers of %i digits as sort does', (digits) => {
  const most = 2 ** (13 * digits) - 1;
  const random = Float64Array.from({ length: 5_000 }, (_, i) =>
    Math.floor((most * ((i * 0.618_033_988_75) % 1)) / (i % 3 === 0 ? 1000 : 1)),
  );
  random.set([0, most, most, 0, 1]);
  expect(radixSort(random.slice(), digits)).toEqual(random.toSorted());
});

it('leaves nothing and one as they are', () => {
  expect(radixSort(new Float64Array(0), 4)).toEqual(new Float64Array(0));
  expect(radixSort(Float64Array.of(7), 1)).toEqual(Float64Array.of(7));
});
