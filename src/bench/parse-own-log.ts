import { mapped, type MappedOptions } from "../workload/readers/formats/mapped.ts";
import { MAP } from "../workload/readers/map/column-map.ts";
import { ReadLog } from "../workload/readers/read-log.ts";
import type { BenchmarkCase } from "./benchmark.ts";
import { OWN_LOG_MAPS, ownLogFile } from "./own-log-file.ts";

/** Reads a log with names of its own from bytes in memory to columns. */
export function parseOwnLog(
  name: string,
  as: keyof typeof OWN_LOG_MAPS,
  rows: number,
): BenchmarkCase {
  const chunks = [...ownLogFile(rows, as)];
  const options: MappedOptions = { map: OWN_LOG_MAPS[as], mapFile: MAP, decimal: "point", seed: 1 };
  const run = () => {
    const log = new ReadLog("generated", "mapped");
    const reader = mapped.reader({
      log,
      lenient: false,
      options,
      companions: new Map(),
      named: true,
    });
    for (const chunk of chunks) reader.push(chunk);
    const { report } = reader.end();
    if (report.rowsRead !== rows) throw new Error(`Read ${report.rowsRead} rows`);
  };
  return { name, run, units: rows };
}
