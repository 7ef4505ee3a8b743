import { openTrace } from "../files/open-trace.ts";
import type { Benchmark } from "./benchmark.ts";
import { OWN_LOG_MAPS, ownLogFile } from "./own-log-file.ts";

const ROWS = 10_000_000;

/** A table with names of its own, streamed from a file that is generated for it; 1 GB of memory at most. */
export const parseMapped10m: Benchmark = {
  name: "parse-mapped-10m",
  description:
    "10 M rows of a table with its own names (590 MB) streamed from a file to a workload",
  barMs: 20_000,
  async prepare({ smoke }) {
    const rows = smoke ? 2000 : ROWS;
    const path = await Deno.makeTempFile({ suffix: ".csv" });
    globalThis.addEventListener("unload", () => Deno.removeSync(path));
    using file = await Deno.open(path, { write: true });
    for (const chunk of ownLogFile(rows, "csv")) {
      for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
    }
    const run = async () => {
      const { report } = await openTrace(path, { map: OWN_LOG_MAPS.csv });
      if (report.rowsRead !== rows) throw new Error(`Read ${report.rowsRead} rows`);
    };
    // One run: the memory is that of one reading.
    return { cases: [{ name: "parse-mapped-10m", run, units: rows, runs: 1, warmups: 0 }] };
  },
};
