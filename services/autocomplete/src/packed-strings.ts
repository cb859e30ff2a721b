/** Many strings as one, and where each begins: two objects for the garbage collector instead of one for each of them. */
export class PackedStrings {
  readonly #joined: string;
  /** Entry i is where string i begins; the last entry is the end. */
  readonly #starts: Uint32Array;

  constructor(strings: readonly string[]) {
    this.#joined = strings.join('');
    this.#starts = new Uint32Array(strings.length + 1);
    for (const [i, { length }] of strings.entries())
      this.#starts[i + 1] = (this.#starts[i] as number) + length;
  }

  get size(): number {
    return this.#starts.length - 1;
  }

  at(position: number): string {
    return this.#joined.slice(this.#starts[position], this.#starts[position + 1]);
  }

  /**
   * Where the string at a position stands to the strings that begin with `prefix`: below 0 before them, 0 among them, above 0
   * behind. By UTF-16 code units, as `<` compares; makes no string.
   */
  compare(position: number, prefix: string): number {
    const start = this.#starts[position] as number;
    const length = (this.#starts[position + 1] as number) - start;
    const shared = Math.min(length, prefix.length);
    for (let i = 0; i < shared; i++) {
      const difference = this.#joined.charCodeAt(start + i) - prefix.charCodeAt(i);
      if (difference !== 0) return difference;
    }
    return length < prefix.length ? -1 : 0;
  }

  /** The UTF-16 code unit at a place of the string at a position; undefined behind its end. */
  codeUnit(position: number, place: number): number | undefined {
    const at = (this.#starts[position] as number) + place;
    return at < (this.#starts[position + 1] as number) ? this.#joined.charCodeAt(at) : undefined;
  }
}
