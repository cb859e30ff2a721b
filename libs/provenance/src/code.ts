/**
 * A message of 32 bits with a checksum, as 96 bits that survive the loss of some: CRC-16 (CCITT) behind the message, then the extended
 * Hamming code (8, 4) on each nibble, decoded softly: the codeword that fits the received values best is taken.
 */
const CHECKSUM_BITS = 16;
const NIBBLES = (32 + CHECKSUM_BITS) / 4;

/** Bits that are embedded for one message. */
export const CODE_BITS = 8 * NIBBLES;

/** The 16 codewords, as −1 and 1. */
const CODEWORDS = Array.from({ length: 16 }, (_, nibble) => {
  const [a, b, c, d] = [3, 2, 1, 0].map((place) => (nibble >> place) & 1) as [number, number, number, number];
  const bits = [a, b, c, d, a ^ b ^ c, a ^ b ^ d, a ^ c ^ d];
  const parity = bits.reduce((sum, bit) => sum ^ bit, 0);
  return [...bits, parity].map((bit) => 2 * bit - 1);
});

/** @param message 0 to 2³² − 1. @returns −1 or 1 for each of {@link CODE_BITS} bits. */
export function codeBits(message: number): number[] {
  const whole = (BigInt(message) << BigInt(CHECKSUM_BITS)) | BigInt(checksum(message));
  return Array.from({ length: NIBBLES }, (_, i) =>
    Number((whole >> BigInt(4 * (NIBBLES - 1 - i))) & 15n),
  ).flatMap((nibble) => CODEWORDS[nibble] as number[]);
}

/** @param soft one value for each bit: its sign the bit, its size how sure. Undefined when the checksum objects. */
export function messageOf(soft: ArrayLike<number>): number | undefined {
  let whole = 0n;
  for (let i = 0; i < NIBBLES; i++) {
    const fits = CODEWORDS.map((word) =>
      word.reduce((sum, bit, k) => sum + bit * (soft[8 * i + k] as number), 0),
    );
    whole = (whole << 4n) | BigInt(fits.indexOf(Math.max(...fits)));
  }
  const message = Number(whole >> BigInt(CHECKSUM_BITS));
  return checksum(message) === Number(whole & 0xffffn) ? message : undefined;
}

/** CRC-16-CCITT of four bytes, most significant first. */
function checksum(message: number): number {
  let crc = 0xffff;
  for (const shift of [24, 16, 8, 0]) {
    crc ^= ((message >>> shift) & 0xff) << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
