import { openTrace } from "../files/open-trace.ts";
import type { Benchmark } from "./benchmark.ts";
import { BURSTGPT_ROWS, burstGptFile } from "./burstgpt-file.ts";

/** All of BurstGPT, streamed from a file that is generated for it. */
export const parse10m: Benchmark = {
  name: "parse-10m",
  description: "10.31 M rows of BurstGPT (450 MB) streamed from a file to a workload",
  barMs: 16_000,
  async prepare({ smoke }) {
    const rows = smoke ? 2000 : BURSTGPT_ROWS;
    const path = await Deno.makeTempFile({ suffix: ".csv" });
    globalThis.addEventListener("unload", () => Deno.removeSync(path));
    using file = await Deno.open(path, { write: true });
    for (const chunk of burstGptFile(rows)) {
      for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
    }
    const run = async () => {
      const { report } = await openTrace(path);
      if (report.rowsRead !== rows) throw new Error(`Read ${report.rowsRead} rows`);
    };
    return { cases: [{ name: "parse-10m", run, units: rows, runs: 2, warmups: 0 }] };
  },
};
