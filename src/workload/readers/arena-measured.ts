import { z } from "zod";
import { InputError, type InputProblem } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import type { Labels } from "../workload.ts";
import { compileCell } from "./cell.ts";
import { labelColumn, secondsColumn, tokensColumn } from "./columns.ts";
import { decodeText } from "./decode-text.ts";
import { LabelDictionary } from "./label-dictionary.ts";
import { ReadLog } from "./read-log.ts";
import type { ReadOptions } from "./read-options.ts";
import type { ReadReport } from "./read-report.ts";

/** Name of the format. */
export const ARENA_MEASURED = "vtc-arena-measured";

/** One request under `result.responses`. */
export const ArenaMeasuredRow = z.strictObject({
  adapter_dir: labelColumn("client that sent it"),
  prompt_len: tokensColumn("length of the prompt"),
  output_len: tokensColumn("length of the answer"),
  request_latency: secondsColumn("arrival to last token"),
  first_token_latency: secondsColumn("arrival to first token"),
  req_time: secondsColumn("arrival since the start of the run"),
});

const Envelope = z.looseObject({
  result: z.looseObject({ responses: z.array(z.unknown()) }),
});

/** What a real server did with n requests, by column in the order of the file. Shape (n) each. */
export interface MeasuredRequests {
  readonly size: number;
  /** Seconds since the start of the run. */
  readonly arrival: Float64Array;
  readonly tenant: Labels;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  /** Seconds from arrival to the first token. */
  readonly firstTokenSeconds: Float64Array;
  /** Seconds from arrival to the last token. */
  readonly latencySeconds: Float64Array;
}

/** Measurements that were read, and what became of the file's rows. */
export interface ReadMeasured {
  readonly measured: MeasuredRequests;
  readonly report: ReadReport;
}

/**
 * Reads what VTC's benchmark measured (Sheng et al., OSDI 2024): one JSON object on one line, the
 * requests under `result.responses`. The bundled one is FCFS on one A10G with Llama-7B, row for row
 * the requests of the arena trace. The summary beside the requests is not read: its mean time to
 * the first token repeats the mean latency. Throws an InputError (see {@link ReadOptions}) that
 * names the line and the path of the value in it.
 *
 * @param input the JSON file, unpacked
 * @param source its path or name, for errors
 */
export function readArenaMeasured(
  input: Uint8Array | string,
  source: string,
  options: ReadOptions = {},
): ReadMeasured {
  const log = new ReadLog(source, ARENA_MEASURED);
  const { value, row } = parseLine(decodeText(input, source), source);
  const { responses } = parseWith(Envelope, value, source).result;
  const rows: z.output<typeof ArenaMeasuredRow>[] = [];
  const ignored = new Set<string>();
  responses.forEach((response, at) => {
    const problems = problemsOf(response, `result.responses.${at}`)
      .map((problem) => ({ file: source, row, ...problem }));
    if (problems.length > 0) return log.refuse(problems);
    for (const name of Object.keys(response as object)) {
      if (!Object.hasOwn(shape, name)) ignored.add(name);
    }
    rows.push(response as z.output<typeof ArenaMeasuredRow>);
    log.keep();
  });
  log.columnsIgnored.push(...ignored);
  const report = log.finish(options);

  const tenant = new LabelDictionary();
  for (const row of rows) tenant.add(row.adapter_dir);
  return {
    measured: {
      size: rows.length,
      arrival: Float64Array.from(rows, (row) => row.req_time),
      tenant: tenant.labels(),
      promptTokens: Int32Array.from(rows, (row) => row.prompt_len),
      outputTokens: Int32Array.from(rows, (row) => row.output_len),
      firstTokenSeconds: Float64Array.from(rows, (row) => row.first_token_latency),
      latencySeconds: Float64Array.from(rows, (row) => row.request_latency),
    },
    report,
  };
}

const { shape } = ArenaMeasuredRow;
const COLUMNS = Object.entries(shape).map(([name, schema]) => ({
  name,
  schema: schema as z.ZodType,
  expected: compileCell(schema).expected,
}));

function parseLine(text: string, file: string): { value: unknown; row: number } {
  const lines = text.split("\n");
  const full = lines.keys().filter((at) => lines[at].trim() !== "").toArray();
  if (full.length !== 1) {
    throw new InputError({
      file,
      value: full.length,
      expected: "one line that is not blank, with one experiment as a JSON object",
    });
  }
  const [at] = full;
  try {
    return { value: JSON.parse(lines[at]), row: at + 1 };
  } catch {
    throw new InputError({ file, row: at + 1, value: lines[at], expected: "JSON" });
  }
}

function problemsOf(response: unknown, path: string): Omit<InputProblem, "file" | "row">[] {
  if (typeof response !== "object" || response === null || Array.isArray(response)) {
    return [{ field: path, value: response, expected: "an object" }];
  }
  const row = response as Record<string, unknown>;
  const problems = COLUMNS.filter(({ name, schema }) => !schema.safeParse(row[name]).success)
    .map(({ name, expected }) => ({ field: `${path}.${name}`, value: row[name], expected }));
  if (problems.length > 0) return problems;
  const { first_token_latency: first, request_latency: last } = row;
  if (first as number <= (last as number)) return [];
  const expected = `at most request_latency, ${last}`;
  return [{ field: `${path}.first_token_latency`, value: first, expected }];
}
