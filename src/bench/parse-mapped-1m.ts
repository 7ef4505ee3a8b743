import type { Benchmark } from "./benchmark.ts";
import { parseOwnLog } from "./parse-own-log.ts";

/** A million rows of a table with names of its own: seven of its nine columns are mapped. */
export const parseMapped1m: Benchmark = {
  name: "parse-mapped-1m",
  description:
    "1 M rows of a table with its own names (59 MB) from bytes to a workload, on one core",
  barMs: 2000,
  prepare: ({ smoke }) => ({
    cases: [parseOwnLog("parse-mapped-1m", "csv", smoke ? 2000 : 1_000_000)],
  }),
};
