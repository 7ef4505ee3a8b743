import { parseWith } from "../errors/parse-with.ts";
import { ColumnReader } from "../workload/file/column-reader.ts";
import type { ColumnArrays } from "../workload/file/json-column.ts";
import { decodeRequests } from "../workload/file/requests-file.ts";
import { parseJson } from "../errors/parse-json.ts";
import { type Run, STATUSES } from "./run.ts";
import { type ColumnSpec, RUN_COLUMNS } from "./run-columns.ts";
import { RunFile } from "./run-file.ts";

type NumberColumns = {
  [K in keyof typeof RUN_COLUMNS]: ColumnArrays[(typeof RUN_COLUMNS)[K]["type"]];
};

/**
 * The run in the text of a `*.run.json` file. Throws an InputError that names `file`, the column,
 * the row (1 is the first request), the value and what was expected; the first 20 problems.
 *
 * @param file name of the file, for messages
 * @example
 * const run = readRunJson(await Deno.readTextFile("fifo.run.json"), "fifo.run.json");
 */
export function readRunJson(text: string, file: string): Run {
  const stored = parseWith(RunFile, parseJson(text, file), file);
  const { size, requests, columns, provenance } = stored;
  const reader = new ColumnReader(file, size);
  const numbers: Record<string, ColumnArrays[keyof ColumnArrays]> = {};
  for (const [name, spec] of Object.entries(RUN_COLUMNS) as [keyof NumberColumns, ColumnSpec][]) {
    const most = name === "status" ? STATUSES.length - 1 : undefined;
    numbers[name] = reader.column(columns[name], `columns.${name}`, { ...spec, most });
  }
  return reader.finish({
    size,
    requests: { ...decodeRequests(reader, requests), phases: reader.phases(stored.phases) },
    ...numbers as NumberColumns,
    believedCategory: reader.labels(columns.believedCategory, "columns.believedCategory"),
    phaseStart: reader.column(stored.phaseStart, "phaseStart", {
      type: "float64",
      size: stored.phases.length,
    }),
    provenance,
  });
}
