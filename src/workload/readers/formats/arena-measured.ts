import * as z from "zod";
import { InputError, type InputProblem } from "../../../errors/input-error.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { LabelBuilder } from "../parsing/builders.ts";
import { compileCell } from "../parsing/cell.ts";
import { labelColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import type { ReadContext, ReadTrace, TraceFormat } from "../trace-format.ts";
import { wholeReader } from "../parsing/whole-reader.ts";

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

/**
 * What VTC's benchmark measured (Sheng et al., OSDI 2024): one JSON object on one line, the requests
 * under `result.responses`. The bundled one is FCFS on one A10G with Llama-7B, row for row the
 * requests of the arena trace. The summary beside the requests is not read: its mean time to the
 * first token repeats the mean latency. A problem names the line and the path of the value in it.
 */
export const arenaMeasured: TraceFormat = {
  name: "vtc-arena-measured",
  title: "VTC measured requests",
  row: ArenaMeasuredRow,
  rowsAt: "result.responses",
  recognise: ({ text }) =>
    /^\s*\{/.test(text) && /"responses"\s*:\s*\[/.test(text) && text.includes('"adapter_dir"')
      ? "JSON object with responses that name an adapter_dir"
      : undefined,
  reader: (context) => wholeReader(context.log, (text) => readDocument(text, context)),
};

function readDocument(text: string, context: ReadContext): ReadTrace {
  const { log } = context;
  const { value, row } = parseLine(text, log.source);
  const { responses } = parseWith(Envelope, value, log.source).result;
  const rows: z.output<typeof ArenaMeasuredRow>[] = [];
  const tenant = new LabelBuilder();
  const ignored = new Set<string>();
  responses.forEach((response, at) => {
    const problems = problemsOf(response, `result.responses.${at}`)
      .map((problem) => ({ file: log.source, row, ...problem }));
    if (problems.length > 0) return log.refuse(problems);
    for (const name of Object.keys(response as object)) {
      if (!Object.hasOwn(shape, name)) ignored.add(name);
    }
    const good = response as z.output<typeof ArenaMeasuredRow>;
    rows.push(good);
    tenant.push(good.adapter_dir);
    log.keep();
  });
  log.columnsIgnored.push(...ignored);
  return assembleTrace(context, {
    name: "VTC arena trace as measured",
    served: {
      arrival: Float64Array.from(rows, (row) => row.req_time),
      tenant: tenant.finish(),
      promptTokens: Int32Array.from(rows, (row) => row.prompt_len),
      outputTokens: Int32Array.from(rows, (row) => row.output_len),
    },
    measured: {
      firstToken: Float64Array.from(rows, (row) => row.req_time + row.first_token_latency),
      finish: Float64Array.from(rows, (row) => row.req_time + row.request_latency),
    },
  });
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
