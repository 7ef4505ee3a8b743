import { parseWith } from "../errors/parse-with.ts";
import type { Labels } from "../workload/workload.ts";
import { columnType, encodeColumn } from "./json-column.ts";
import type { Run } from "./run.ts";
import { RUN_COLUMNS } from "./run-columns.ts";
import { RUN_FORMAT, RUN_VERSION, RunFile } from "./run-file.ts";

function encodeLabels({ codes, names }: Labels) {
  return { type: columnType(codes), names, codes: Array.from(codes) };
}

/** A copy without keys whose value is undefined: JSON has no such value, and neither has a file. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([key, part]) => [key, defined(part)]));
}

/** An object as JSON with one line an entry, so that a difference of two files names its column. */
function lines(entries: object, text: (value: object) => string = JSON.stringify): string {
  const shown = Object.entries(entries).filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}: ${text(value)}`);
  return `{\n${shown.join(",\n")}\n}`;
}

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
  const columns: Record<string, unknown> = { believedCategory: encodeLabels(run.believedCategory) };
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
    requests: {
      tenant: encodeLabels(requests.tenant),
      tier: encodeLabels(requests.tier),
      category: encodeLabels(requests.category),
      arrival: encodeColumn(requests.arrival),
      maxTokens: encodeColumn(requests.maxTokens),
      promptTokens: encodeColumn(requests.promptTokens),
      promptWords: requests.promptWords && encodeColumn(requests.promptWords),
    },
    columns,
  }, "run to write");
  const groups: object[] = [file.requests, file.columns];
  const text = lines(
    file,
    (value) => groups.includes(value) ? lines(value) : JSON.stringify(value),
  );
  return `${text}\n`;
}
