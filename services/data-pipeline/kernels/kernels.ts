/**
 * The inner loops of the image path in AssemblyScript, for 128-bit vectors: JavaScript has none, and takes four to ten times as long.
 * `npm run kernels` makes src/image/kernels.wasm of it. The caller lays out memory: pointers are bytes, nothing is allocated, and
 * up to 16 bytes behind an input may be read and 8 behind an output written.
 */

/** Weights are in shares of 2¹⁴; between the passes of a resampling values are in 64ths of a step. */
const ONE_BITS: i32 = 14;
const BETWEEN_BITS: i32 = 6;

/**
 * Bytes [.][run] → 64ths [height][stride], each target row of `taps` source rows from `starts[y]` on.
 * @param weights 16 bits each, [height][taps], `taps` even: a product takes two rows at a time.
 */
export function down(
  rows: usize,
  run: i32,
  starts: usize,
  taps: i32,
  weights: usize,
  height: i32,
  to: usize,
  stride: i32,
): void {
  const shift = ONE_BITS - BETWEEN_BITS;
  const half = i32x4.splat(1 << (shift - 1));
  for (let y = 0; y < height; y++) {
    const top = rows + <usize>(load<i32>(starts + 4 * y) * run);
    for (let i = 0; i < run; i += 8) {
      let low = half;
      let high = half;
      let from = top + i;
      let weight = weights + 2 * (y * taps);
      for (let tap = 0; tap < taps; tap += 2) {
        const one = v128.load_ext<u8>(from);
        const below = v128.load_ext<u8>(from + run);
        const share = v128.load_splat<i32>(weight);
        low = i32x4.add(
          low,
          i32x4.dot_i16x8_s(v128.shuffle<i16>(one, below, 0, 8, 1, 9, 2, 10, 3, 11), share),
        );
        high = i32x4.add(
          high,
          i32x4.dot_i16x8_s(v128.shuffle<i16>(one, below, 4, 12, 5, 13, 6, 14, 7, 15), share),
        );
        from += 2 * run;
        weight += 4;
      }
      const values = i16x8.narrow_i32x4_s(i32x4.shr_s(low, shift), i32x4.shr_s(high, shift));
      v128.store(to + 2 * (y * stride + i), values);
    }
  }
}

/** 64ths [height][stride] of RGB → bytes [height][width][3], each target pixel of `taps` source pixels from `starts[x]` on. */
export function across(
  rows: usize,
  stride: i32,
  starts: usize,
  taps: i32,
  weights: usize,
  width: i32,
  height: i32,
  to: usize,
): void {
  const shift = ONE_BITS + BETWEEN_BITS;
  const half = i32x4.splat(1 << (shift - 1));
  for (let y = 0; y < height; y++) {
    let weight = weights;
    for (let x = 0; x < width; x++) {
      let sum = half;
      let from = rows + 2 * (y * stride + 3 * load<i32>(starts + 4 * x));
      for (let tap = 0; tap < taps; tap += 2) {
        const two = v128.load(from);
        const channels = v128.shuffle<i16>(two, two, 0, 3, 1, 4, 2, 5, 6, 7);
        sum = i32x4.add(sum, i32x4.dot_i16x8_s(channels, v128.load_splat<i32>(weight)));
        from += 12;
        weight += 4;
      }
      sum = i32x4.shr_s(sum, shift);
      const words = i16x8.narrow_i32x4_s(sum, sum);
      store<i32>(to, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
      to += 3;
    }
  }
}

/** a·b of 32-bit floats for a [rows][inner] and b [inner][16], `rows` even. */
export function product(a: usize, rows: i32, inner: i32, b: usize, to: usize): void {
  for (let row = 0; row < rows; row += 2) {
    let one0 = f32x4.splat(0);
    let one1 = one0;
    let one2 = one0;
    let one3 = one0;
    let two0 = one0;
    let two1 = one0;
    let two2 = one0;
    let two3 = one0;
    let left = a + 4 * (row * inner);
    let right = b;
    for (let i = 0; i < inner; i++) {
      const one = v128.load_splat<f32>(left);
      const two = v128.load_splat<f32>(left + 4 * inner);
      const b0 = v128.load(right);
      const b1 = v128.load(right, 16);
      const b2 = v128.load(right, 32);
      const b3 = v128.load(right, 48);
      one0 = f32x4.add(one0, f32x4.mul(one, b0));
      one1 = f32x4.add(one1, f32x4.mul(one, b1));
      one2 = f32x4.add(one2, f32x4.mul(one, b2));
      one3 = f32x4.add(one3, f32x4.mul(one, b3));
      two0 = f32x4.add(two0, f32x4.mul(two, b0));
      two1 = f32x4.add(two1, f32x4.mul(two, b1));
      two2 = f32x4.add(two2, f32x4.mul(two, b2));
      two3 = f32x4.add(two3, f32x4.mul(two, b3));
      left += 4;
      right += 64;
    }
    const at = to + 64 * row;
    v128.store(at, one0);
    v128.store(at, one1, 16);
    v128.store(at, one2, 32);
    v128.store(at, one3, 48);
    v128.store(at, two0, 64);
    v128.store(at, two1, 80);
    v128.store(at, two2, 96);
    v128.store(at, two3, 112);
  }
}

/** Frequencies of a spectrum along each axis, and its cells. */
const FREQUENCIES: i32 = 16;
const CELLS: i32 = FREQUENCIES * FREQUENCIES;

/** The spectrum of a picture mirrored left-right (bit 0), top-bottom (bit 1), transposed first (bit 2), from that of the picture. */
export function oriented(cells: usize, orientation: i32, to: usize): void {
  for (let g = 0; g < FREQUENCIES; g++) {
    for (let f = 0; f < FREQUENCIES; f++) {
      const from = orientation & 4 ? f * FREQUENCIES + g : g * FREQUENCIES + f;
      // Mirroring negates the odd frequencies, and row 0 holds frequency 1.
      const negated = (orientation & ~f & 1) ^ ((orientation >> 1) & ~g & 1);
      const value = load<f32>(cells + 4 * from);
      store<f32>(to + 4 * (g * FREQUENCIES + f), negated ? -value : value);
    }
  }
}

/**
 * 256 bits: which cells are above the median by more than `margin` times the root of their mean square.
 * @param cells 32-bit floats; @param order cell of each bit, bytes; @param scratch 1 KiB; @param to 8 words.
 */
export function signs(cells: usize, order: usize, margin: f32, scratch: usize, to: usize): void {
  let squares = f32x4.splat(0);
  for (let i = 0; i < 4 * CELLS; i += 16) {
    const values = v128.load(cells + i);
    squares = f32x4.add(squares, f32x4.mul(values, values));
    // Floats sort as whole numbers once the negative ones are turned round.
    const turned = v128.and(i32x4.shr_s(values, 31), i32x4.splat(0x7fffffff));
    v128.store(scratch + i, v128.xor(values, turned));
  }
  const power =
    f32x4.extract_lane(squares, 0) +
    f32x4.extract_lane(squares, 1) +
    f32x4.extract_lane(squares, 2) +
    f32x4.extract_lane(squares, 3);
  const middle = middleOf(scratch);
  const median = reinterpret<f32>(middle ^ ((middle >> 31) & 0x7fffffff));
  const threshold = median + margin * sqrt<f32>(power / <f32>CELLS);
  for (let word = 0; word < CELLS / 32; word++) {
    let bits: u32 = 0;
    for (let bit = 0; bit < 32; bit++) {
      const cell = <usize>load<u8>(order + 32 * word + bit);
      bits |= (<u32>(load<f32>(cells + 4 * cell) > threshold)) << bit;
    }
    store<u32>(to + 4 * word, bits);
  }
}

/** The number that half of the others are below: built bit by bit, the largest that at most half are smaller than. */
function middleOf(numbers: usize): i32 {
  let found: i32 = i32.MIN_VALUE;
  for (let bit = 31; bit >= 0; bit--) {
    const tried = found + (1 << bit);
    const limit = i32x4.splat(tried);
    let smaller = i32x4.splat(0);
    for (let i = 0; i < 4 * CELLS; i += 16)
      smaller = i32x4.sub(smaller, i32x4.lt_s(v128.load(numbers + i), limit));
    const count =
      i32x4.extract_lane(smaller, 0) +
      i32x4.extract_lane(smaller, 1) +
      i32x4.extract_lane(smaller, 2) +
      i32x4.extract_lane(smaller, 3);
    if (count <= CELLS / 2) found = tried;
  }
  return found;
}
