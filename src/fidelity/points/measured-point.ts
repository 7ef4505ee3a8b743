import Papa from "papaparse";
import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { InputError } from "../../errors/input-error.ts";

const text = z.string();
/** A number, or nothing: an empty cell. */
const maybe = z.string().transform((cell, context) => {
  if (cell.trim() === "") return undefined;
  const value = Number(cell);
  if (Number.isFinite(value)) return value;
  context.addIssue({ code: "custom", message: "a number, or an empty cell" });
  return z.NEVER;
});

/** A row of `measured_points.csv`: what somebody measured of a server, and on which. */
export const MeasuredRow = z.looseObject({
  id: text.min(1),
  gpu: text.min(1),
  gpus: maybe,
  /** `tp4`, `tp8 ep`, `tp1 pp2`; `-`: one card. */
  parallel: text,
  model: text.min(1),
  precision: text,
  kv_dtype: text,
  engine: text,
  version: text,
  flags: text,
  kind: z.enum(["closed", "open", "burst", "batch"]),
  users: maybe,
  rate_per_s: maybe,
  requests: maybe,
  /** Tokens of a prompt and of an answer, where they are the same for all. */
  input_len: maybe,
  output_len: maybe,
  lengths_note: text,
  ttft_p50_ms: maybe,
  ttft_mean_ms: maybe,
  ttft_p99_ms: maybe,
  tpot_p50_ms: maybe,
  tpot_mean_ms: maybe,
  tpot_p99_ms: maybe,
  output_tok_s: maybe,
  total_tok_s: maybe,
  req_s: maybe,
  duration_s: maybe,
  /** A: a log or table was seen; B: one thing is inferred; C: several are. */
  reliability: z.enum(["A", "B", "C"]),
  source: text,
  note: text,
});
export type MeasuredRow = z.output<typeof MeasuredRow>;

/**
 * Reads `measured_points.csv`. Throws an InputError that names file, row and field.
 *
 * @param source name of the file, for errors
 */
export function readMeasuredPoints(csv: string, source: string): MeasuredRow[] {
  const { data } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
  if (data.length === 0) {
    throw new InputError({ file: source, expected: "a header and rows of measured points" });
  }
  // The header is row 1.
  return data.map((row, i) => parseWith(MeasuredRow, row, `${source}, row ${i + 2}`));
}
