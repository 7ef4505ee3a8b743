import { InputError } from "../errors/input-error.ts";
import { parseJson } from "../errors/parse-json.ts";
import { parseWith } from "../errors/parse-with.ts";
import { ColumnReader } from "../workload/file/column-reader.ts";
import type { ColumnArrays } from "../workload/file/json-column.ts";
import { checkSize, decodeRequests } from "../workload/file/requests-file.ts";
import { type BeliefColumn, type Run, STATUSES } from "./run.ts";
import {
  BELIEFS_OF_VERSION_1,
  type ColumnSpec,
  RUN_COLUMNS,
  SINCE_VERSION_2,
} from "./run-columns.ts";
import { RUN_FORMAT, RUN_VERSION, RunFile, RunFileVersion1 } from "./run-file.ts";

type Name = keyof typeof RUN_COLUMNS;
type NumberColumns = { [K in Name]: ColumnArrays[(typeof RUN_COLUMNS)[K]["type"]] };

/**
 * The run in the text of a `*.run.json` file, of version 2 or 1. Throws an InputError that names
 * `file`, the column, the row (1 is the first request), the value and what was expected; the first 20
 * problems.
 *
 * @param file name of the file, for messages
 * @example
 * const run = runs.readRunJson(await Deno.readTextFile("fifo.run.json"), "fifo.run.json");
 */
export function readRunJson(text: string, file: string): Run {
  const value = parseJson(text, file);
  const version = versionOf(value, file);
  const read = version === 1
    ? parseWith(RunFileVersion1, value, file)
    : parseWith(RunFile, value, file);
  checkSize(read, file);
  const stored = read.version === 1 ? upgraded(read) : read;
  const { size, requests, columns, provenance } = stored;
  const reader = new ColumnReader(file, size);
  const numbers: Record<string, ColumnArrays[keyof ColumnArrays]> = {};
  for (const [name, spec] of Object.entries(RUN_COLUMNS) as [Name, ColumnSpec][]) {
    const most = name === "status" ? STATUSES.length - 1 : undefined;
    numbers[name] = reader.column(columns[name], `columns.${name}`, { ...spec, most });
  }
  const beliefs = Object.entries(stored.beliefs).map(([name, column]): [string, BeliefColumn] => {
    const field = version === 1 ? `columns.${NAMES_OF_VERSION_1[name]}` : `beliefs.${name}`;
    return [
      name,
      "names" in column
        ? reader.labels(column, field)
        : reader.column(column.values, field, { type: column.type }),
    ];
  });
  return reader.finish({
    size,
    requests: { ...decodeRequests(reader, requests), phases: reader.phases(stored.phases) },
    ...numbers as NumberColumns,
    beliefs: Object.fromEntries(beliefs),
    phaseStart: reader.column(stored.phaseStart, "phaseStart", {
      type: "float64",
      size: stored.phases.length,
    }),
    provenance,
  });
}

const NAMES_OF_VERSION_1: Readonly<Record<string, string>> = {
  category: "believedCategory",
  ...Object.fromEntries(Object.entries(BELIEFS_OF_VERSION_1).map(([old, name]) => [name, old])),
};

function versionOf(value: unknown, file: string): number {
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  // What is no run of ours at all is refused by the schema, which says all that is wrong.
  if (format !== RUN_FORMAT || version === 1 || version === RUN_VERSION) return version as number;
  throw new InputError({
    file,
    field: "version",
    value: version,
    expected: `1 or ${RUN_VERSION}: another version of this program wrote the file`,
  });
}

/** A file of version 1 in the shape of the present one. */
function upgraded({ columns, ...file }: RunFileVersion1): RunFile {
  const { believedCategory, totalBudget: _, estimatedOutput, ...rest } = columns;
  const missing = Object.entries(SINCE_VERSION_2).map(([name, value]) => [
    name,
    new Array<number | null>(file.size).fill(Number.isNaN(value) ? null : value),
  ]);
  const beliefs = Object.entries(BELIEFS_OF_VERSION_1).map(([old, name]) => [
    name,
    { type: "float64", values: rest[old as keyof typeof BELIEFS_OF_VERSION_1] },
  ]);
  return {
    ...file,
    version: RUN_VERSION,
    columns: {
      ...rest,
      ...Object.fromEntries(missing),
      // A whole number, or -1 where there was no estimate.
      estimatedOutput: estimatedOutput.map((value) => value === -1 ? null : value),
    },
    beliefs: { category: believedCategory, ...Object.fromEntries(beliefs) },
  } as RunFile;
}
