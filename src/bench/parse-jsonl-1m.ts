import type { Benchmark } from "./benchmark.ts";
import { parseOwnLog } from "./parse-own-log.ts";

/** The rows of `parse-mapped-1m` as JSON, counts of tokens in an object of their own. */
export const parseJsonl1m: Benchmark = {
  name: "parse-jsonl-1m",
  description: "1 M lines of JSON with names of their own (203 MB) to a workload, on one core",
  barMs: 4000,
  prepare: ({ smoke }) => ({
    cases: [parseOwnLog("parse-jsonl-1m", "jsonl", smoke ? 2000 : 1_000_000)],
  }),
};
