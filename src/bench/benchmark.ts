/** One row of the result, as `--json` prints it. Times are wall milliseconds of one run. */
export interface BenchmarkResult {
  readonly name: string;
  readonly median_ms: number;
  readonly min_ms: number;
  readonly max_ms: number;
  /** Timed runs that these are of; warm-up is not among them. */
  readonly runs: number;
  /** Units of work (see the case) a second, at the median. */
  readonly per_second?: number;
  /** Most memory that the benchmark's process held, in 10⁶ bytes. */
  readonly peak_rss_mb?: number;
}

/** Something to be timed. */
export interface BenchmarkCase {
  /** `<benchmark>` or `<benchmark>/<part>`. */
  readonly name: string;
  /**
   * One run: all of the work and nothing else. A promise is waited for. Where not the time of the run is
   * in question but one that it has measured, it returns `{ overriddenDuration }`, in ms.
   */
  run(): unknown;
  /** Units of work in a run, for `per_second`. */
  readonly units?: number;
  /** @default 5, or 1 with `--smoke` */
  readonly runs?: number;
  /** Untimed runs before. @default 2, or 0 with `--smoke` */
  readonly warmups?: number;
  /** Stands beside for comparison and does not count towards the benchmark's own row. */
  readonly comparison?: boolean;
}

/** Options of {@link Benchmark.prepare}. */
export interface PrepareOptions {
  /** Sizes so small that the run only proves that the benchmark works. */
  readonly smoke: boolean;
}

/** The cases of a benchmark with their data made, or why it cannot be run here. */
export type Prepared = { readonly cases: readonly BenchmarkCase[] } | { readonly skip: string };

/**
 * A benchmark: one file and one line in the registry. Its own row, under its name, is the slowest of
 * its cases (comparisons left out), so that a bar holds for each of them.
 */
export interface Benchmark {
  readonly name: string;
  /** What one run is, in a line. */
  readonly description: string;
  /** Most milliseconds that its own row should take; the table shows it beside. */
  readonly barMs?: number;
  /** The work is done by child processes, whose memory cannot be told: no `peak_rss_mb`. */
  readonly inChildren?: boolean;
  prepare(options: PrepareOptions): Prepared | Promise<Prepared>;
}
