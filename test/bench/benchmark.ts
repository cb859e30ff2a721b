/** What a benchmark is: a file beside this one whose `benchmark` is listed in main.ts. */
export interface Benchmark {
  /** What it measures, in a line. */
  about: string;
  /** Measure; `log` tells people what goes on. Figures with units in their names; throws where nothing can be measured. */
  run(log: (line: string) => void): Promise<Figures>;
}

/** Figures of one benchmark: numbers with units in their names, texts on how they came about, null for what could not be had. */
export interface Figures {
  [name: string]: number | string | null | Figures;
}
