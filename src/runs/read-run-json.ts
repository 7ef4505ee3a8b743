import { InputError, type InputProblem } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import type { Labels, Phase } from "../workload/workload.ts";
import { type ColumnArrays, decodeColumn } from "./json-column.ts";
import { type Run, STATUSES } from "./run.ts";
import { type ColumnSpec, RUN_COLUMNS } from "./run-columns.ts";
import { RunFile } from "./run-file.ts";

const MOST_PROBLEMS = 20;

type NumberColumns = {
  [K in keyof typeof RUN_COLUMNS]: ColumnArrays[(typeof RUN_COLUMNS)[K]["type"]];
};

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError({ file, expected: `JSON: ${(error as Error).message}` });
  }
}

/** Reads the columns of one file and gathers what is wrong with them. */
class ColumnReader {
  readonly problems: InputProblem[] = [];
  constructor(private readonly file: string, private readonly size: number) {}

  column<T extends keyof ColumnArrays>(
    values: readonly unknown[],
    field: string,
    { type, ...bounds }: { type: T; least?: number; most?: number; size?: number },
  ): ColumnArrays[T] {
    const { file, size, problems } = this;
    return decodeColumn(values, { type, file, field, size, problems, ...bounds });
  }

  labels({ type, names, codes }: RunFile["requests"]["tenant"], field: string): Labels {
    const most = names.length - 1;
    return { names, codes: this.column(codes, `${field}.codes`, { type, least: 0, most }) };
  }

  phases({ phases, size }: RunFile): [Phase, ...Phase[]] {
    phases.forEach(({ first }, i) => {
      const after = i === 0 ? -1 : phases[i - 1].first;
      if (i === 0 ? first === 0 : first > after && first < size) return;
      const expected = i === 0 ? "0" : `a row after ${after} and before ${size}`;
      const field = `phases.${i}.first`;
      this.problems.push({ file: this.file, field, value: first, expected });
    });
    return phases as [Phase, ...Phase[]];
  }

  finish<T>(result: T): T {
    if (this.problems.length > 0) throw new InputError(this.problems.slice(0, MOST_PROBLEMS));
    return result;
  }
}

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
  const counts = (values: readonly unknown[], field: string) =>
    reader.column(values, `requests.${field}`, { type: "int32", least: 0 });
  const { promptWords } = requests;
  return reader.finish({
    size,
    requests: {
      size,
      phases: reader.phases(stored),
      tenant: reader.labels(requests.tenant, "requests.tenant"),
      tier: reader.labels(requests.tier, "requests.tier"),
      category: reader.labels(requests.category, "requests.category"),
      arrival: reader.column(requests.arrival, "requests.arrival", { type: "float64" }),
      maxTokens: counts(requests.maxTokens, "maxTokens"),
      promptTokens: counts(requests.promptTokens, "promptTokens"),
      ...promptWords === undefined ? {} : { promptWords: counts(promptWords, "promptWords") },
    },
    ...numbers as NumberColumns,
    believedCategory: reader.labels(columns.believedCategory, "columns.believedCategory"),
    phaseStart: reader.column(stored.phaseStart, "phaseStart", {
      type: "float64",
      size: stored.phases.length,
    }),
    provenance,
  });
}
