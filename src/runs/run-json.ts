import { parseWith } from "../errors/parse-with.ts";
import { columnLines, defined } from "../workload/file/column-lines.ts";
import { columnType, encodeColumn } from "../workload/file/json-column.ts";
import { encodeLabels } from "../workload/file/label-column.ts";
import { encodeRequests } from "../workload/file/requests-file.ts";
import { isLabels } from "./beliefs.ts";
import type { BeliefColumn, Run } from "./run.ts";
import { RUN_COLUMNS } from "./run-columns.ts";
import { RUN_FORMAT, RUN_VERSION, RunFile } from "./run-file.ts";

/**
 * A run as the text of its own file, `*.run.json` (see {@link RunFile}). Reading it back gives the
 * same run to the bit, except for the prompts' text, which is a function of the workload and is made
 * again from its provenance. Same run, same bytes.
 *
 * Throws an InputError where the provenance holds what JSON cannot keep (NaN, a function, a typed
 * array), so that nothing is lost in silence.
 */
export function writeRunJson(run: Run): string {
  const { requests } = run;
  const columns: Record<string, unknown> = {};
  for (const name of Object.keys(RUN_COLUMNS) as (keyof typeof RUN_COLUMNS)[]) {
    columns[name] = encodeColumn(run[name]);
  }
  const file = parseWith(RunFile, {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    size: run.size,
    provenance: defined(run.provenance),
    phases: requests.phases,
    phaseStart: encodeColumn(run.phaseStart),
    requests: encodeRequests(requests),
    columns,
    beliefs: Object.fromEntries(
      Object.entries(run.beliefs).map(([name, column]) => [name, encodeBelief(column)]),
    ),
  }, "run to write");
  return columnLines(file, [file.requests, file.columns, file.beliefs]);
}

function encodeBelief(column: BeliefColumn) {
  if (isLabels(column)) return encodeLabels(column);
  return { type: columnType(column), values: encodeColumn(column) };
}
