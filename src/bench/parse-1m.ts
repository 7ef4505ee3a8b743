import { BurstGptReader } from "../workload/readers/formats/burstgpt.ts";
import { ReadLog } from "../workload/readers/read-log.ts";
import type { ReadTrace } from "../workload/readers/trace-format.ts";
import type { Benchmark } from "./benchmark.ts";
import { burstGptFile } from "./burstgpt-file.ts";

/** A million rows from bytes in memory to columns, and the way that Papa Parse takes beside. */
export const parse1m: Benchmark = {
  name: "parse-1m",
  description: "1 M rows of BurstGPT (44 MB) from bytes to a workload, on one core",
  barMs: 1500,
  prepare({ smoke }) {
    const rows = smoke ? 2000 : 1_000_000;
    const chunks = [...burstGptFile(rows)];
    const read = (careful: boolean): ReadTrace => {
      const log = new ReadLog("generated", "burstgpt");
      const reader = new BurstGptReader({ log, lenient: false }, { careful });
      for (const chunk of chunks) reader.push(chunk);
      const trace = reader.end();
      if (trace.report.rowsRead !== rows) throw new Error(`Read ${trace.report.rowsRead} rows`);
      return trace;
    };
    return {
      cases: [
        { name: "parse-1m", run: () => read(false), units: rows },
        {
          name: "parse-1m/papa-by-line",
          run: () => read(true),
          units: rows,
          comparison: true,
          runs: 2,
          warmups: 0,
        },
      ],
    };
  },
};
