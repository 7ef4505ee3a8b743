import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { checkRow } from "../parsing/check-row.ts";
import { countColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { constantLabel } from "../parsing/constant-label.ts";
import { parseJsonDocuments } from "../../../errors/parse-json.ts";
import type { ReadContext, ReadTrace, TraceFormat } from "../trace-format.ts";
import { wholeReader } from "../parsing/whole-reader.ts";

/** One request: the same place in each of the result's lists. */
export const VllmBenchRow = z.object({
  input_lens: tokensColumn("length of the prompt"),
  output_lens: tokensColumn("length of the answer; 0: it failed", { min: 0 }),
  start_times: z.number().min(0).max(1e10)
    .meta({ description: "when it was sent, on a clock of the client", unit: "seconds" })
    .optional(),
  queue_times: secondsColumn("waited in the client for one of its places before it was sent")
    .optional(),
  ttfts: secondsColumn("sent to first token"),
  itls: z.array(z.number().min(0).max(1e9))
    .meta({ description: "gaps between chunks", unit: "seconds" }),
  errors: z.string().max(1e6).meta({ description: "what went wrong; empty: nothing" }).optional(),
});
type VllmBenchRow = z.output<typeof VllmBenchRow>;

const LISTS = Object.keys(VllmBenchRow.shape) as (keyof VllmBenchRow)[];
const REQUIRED = ["input_lens", "output_lens", "ttfts", "itls"] as const;

/** Which of several results in a file is read. */
export const VllmBenchOptions = z.strictObject({
  /** Its place, from 0. */
  result: countColumn("place of the result").default(0),
});
export type VllmBenchOptions = z.output<typeof VllmBenchOptions>;

const list = z.array(z.unknown()).optional();
const Lists = z.looseObject({
  ...Object.fromEntries(LISTS.map((name) => [name, list])) as Record<
    keyof VllmBenchRow,
    typeof list
  >,
  model_id: z.string().optional(),
  max_concurrency: z.union([z.number(), z.null()]).optional(),
  request_rate: z.union([z.number(), z.string()]).optional(),
  completed: z.int().min(0).optional(),
});

/**
 * The result that vLLM's `bench serve` saves with `--save-result --save-detailed` (SGLang's
 * benchmark has the same lists): one JSON object, or one a line where results were appended, of which
 * the option `result` picks one; the requests of the others are set aside.
 *
 * Arrival is when the client sent the request less what it waited before that for one of the places of
 * `--max-concurrency`; versions before 0.30 do not say how long that was. The last token's time is the sum of the gaps. Requests with an
 * error or without output are among the trace's `unserved`. A summary without these lists has no rows:
 * it is refused here, and read by `readBenchSummary`.
 */
export const vllmBench: TraceFormat<VllmBenchOptions> = {
  name: "vllm-bench",
  title: "vLLM bench serve, detailed result",
  row: VllmBenchRow,
  options: VllmBenchOptions,
  recognise: ({ text }) => {
    if (!isBenchResult(text)) return undefined;
    return "JSON object with completed and request_throughput or input_lens";
  },
  reader: (context) => wholeReader(context.log, (text) => readResult(text, context)),
};

/** Whether a text begins as a result of vLLM's benchmark, detailed or not. */
export function isBenchResult(text: string): boolean {
  const has = (key: string) => new RegExp(`"${key}"\\s*:`).test(text);
  return /^\s*\{/.test(text) && has("completed") &&
    (has("request_throughput") || has("input_lens"));
}

function readResult(text: string, context: ReadContext<VllmBenchOptions>): ReadTrace {
  const { log, options: { result: wanted } } = context;
  const documents = parseJsonDocuments(text, log.source)
    .map(({ value }) => parseWith(Lists, value, log.source));
  if (wanted >= documents.length) {
    const expected = `an index below ${documents.length}, the number of results in the file`;
    throw new InputError({ file: log.source, field: "result", value: wanted, expected });
  }
  documents.forEach((other, at) => {
    if (at === wanted) return;
    for (const _ of other.input_lens ?? []) log.setAside("requests of other results in the file");
  });
  const result = documents[wanted];
  const file = log.source;
  const missing = REQUIRED.filter((name) => result[name] === undefined);
  if (missing.length > 0) {
    const completed = result.completed === undefined ? "" : ` of ${result.completed} requests`;
    throw new InputError(missing.map((field) => ({
      file,
      field,
      expected: `one value per request: this is a summary${completed} without rows; ` +
        "save the result with --save-detailed",
    })));
  }
  const present = LISTS.filter((name) => result[name] !== undefined);
  const size = result.input_lens!.length;
  const uneven = present.filter((name) => result[name]!.length !== size);
  if (uneven.length > 0) {
    throw new InputError(uneven.map((field) => ({
      file,
      field,
      value: `${result[field]!.length} values`,
      expected: `${size} values, as in input_lens`,
    })));
  }
  const served: VllmBenchRow[] = [];
  const failed: VllmBenchRow[] = [];
  for (let at = 0; at < size; at++) {
    const row = Object.fromEntries(present.map((name) => [name, result[name]![at]]));
    const checked = checkRow(VllmBenchRow, row, { file, path: String(at) });
    if (!("data" in checked)) log.refuse(checked);
    else if (checked.data.errors || checked.data.output_lens === 0) {
      failed.push(checked.data);
      log.setAside("failed requests");
    } else {
      served.push(checked.data);
      log.keep();
    }
  }
  return assemble(context, { served, failed, result });
}

function assemble(
  context: ReadContext,
  { served, failed, result }: {
    served: readonly VllmBenchRow[];
    failed: readonly VllmBenchRow[];
    result: z.output<typeof Lists>;
  },
): ReadTrace {
  const { log } = context;
  const timed = result.start_times !== undefined;
  if (!timed) {
    log.assumptions.push(
      "every request arrives at 0: the result has no start_times, so nothing measured is kept",
    );
  }
  if (result.max_concurrency && result.queue_times === undefined) {
    log.assumptions.push(
      `arrival is the time of sending: the wait for one of ${result.max_concurrency} places is not recorded`,
    );
  }
  const start = (row: VllmBenchRow) => row.start_times ?? 0;
  const columns = (rows: readonly VllmBenchRow[]) => ({
    arrival: Float64Array.from(rows, (row) => start(row) - (timed ? row.queue_times ?? 0 : 0)),
    promptTokens: Int32Array.from(rows, (row) => row.input_lens),
    ...result.model_id !== undefined && { model: constantLabel(rows.length, result.model_id) },
  });
  const first = (row: VllmBenchRow) => start(row) + row.ttfts;
  return assembleTrace(context, {
    name: "vLLM benchmark",
    served: { ...columns(served), outputTokens: Int32Array.from(served, (row) => row.output_lens) },
    ...timed && {
      measured: {
        sent: Float64Array.from(served, start),
        firstToken: Float64Array.from(served, first),
        finish: Float64Array.from(
          served,
          (row) => row.itls.reduce((at, gap) => at + gap, first(row)),
        ),
      },
    },
    unserved: { ...columns(failed), status: "failed" },
    sinceFirst: timed,
  });
}
