import { importDefinition } from "../../files/from-module.ts";
import type { SummaryOptions } from "../../analysis/summarize-run.ts";
import type { SimulateOptions } from "../../simulation/simulate.ts";
import type { CellParts, CellSpec } from "../cell.ts";
import { decode, eachMark, type Json, type JsonObject, markOf } from "../encode.ts";
import { moduleKey, referenceOf } from "../module-mark.ts";
import type { WorkloadSource } from "../workload-source.ts";

/** A cell's options as `simulate` and `summarizeRun` take them. */
export interface DecodedCell {
  readonly options: SimulateOptions;
  readonly summary: SummaryOptions;
}

function partOf(mark: JsonObject, { columns, modules, objects }: CellParts): unknown {
  const kind = markOf(mark);
  const part = kind === "$column"
    ? columns.get(String(mark.$column))
    : kind === "$module"
    ? modules.get(moduleKey(mark))
    : objects.get(Number(mark.$object));
  if (part === undefined) throw new Error(`Cannot read a cell: it lacks ${JSON.stringify(mark)}`);
  return part;
}

/** The source of a cell's workload. */
export function decodeWorkload(workload: Json, parts: CellParts): WorkloadSource {
  return decode(workload, (mark) => partOf(mark, parts)) as WorkloadSource;
}

/** The options of a cell. */
export function decodeCell(
  { options, summary }: Pick<CellSpec, "options" | "summary">,
  parts: CellParts,
): DecodedCell {
  return {
    options: decode(options, (mark) => partOf(mark, parts)) as SimulateOptions,
    summary: decode(summary, (mark) => partOf(mark, parts)) as SummaryOptions,
  };
}

/** Imports the definitions that some JSON names, into `modules`. */
export async function importModules(json: Json, modules: Map<string, object>): Promise<void> {
  const marks: JsonObject[] = [];
  eachMark(json, (mark) => {
    if (markOf(mark) === "$module" && !modules.has(moduleKey(mark))) marks.push(mark);
  });
  for (const mark of marks) modules.set(moduleKey(mark), await importDefinition(referenceOf(mark)));
}
