import { z } from "zod";
import { tokensColumn } from "./columns.ts";
import { readCsv } from "./read-csv.ts";
import { ReadLog } from "./read-log.ts";
import type { ReadOptions } from "./read-options.ts";
import type { ReadReport } from "./read-report.ts";

/** Name of the format. */
export const LENGTHS = "lengths";

/** A row of a length table, with the column names that Azure's and APEX's tables share. */
export const LengthsRow = z.strictObject({
  ContextTokens: tokensColumn("length of the prompt"),
  GeneratedTokens: tokensColumn("length of the answer"),
});

/** Prompt and answer lengths that belong together, in tokens. Shape (n) each. */
export interface LengthColumns {
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
}

/** Lengths that were read, and what became of the file's rows. */
export interface ReadLengths {
  readonly lengths: LengthColumns;
  readonly report: ReadReport;
}

/**
 * Reads a table of prompt and answer lengths: columns `ContextTokens` and `GeneratedTokens`, others
 * ignored. The bundled ones are 1,024 conversations of LMSYS-Chat-1M by two tokenizers, from
 * microsoft/apex_plus. Throws an InputError (see {@link ReadOptions}).
 *
 * @param input the CSV file
 * @param source its path or name, for errors
 */
export function readLengths(
  input: Uint8Array | string,
  source: string,
  options: ReadOptions = {},
): ReadLengths {
  const log = new ReadLog(source, LENGTHS);
  const promptTokens: number[] = [];
  const outputTokens: number[] = [];
  readCsv(input, LengthsRow, {
    log,
    take(row) {
      promptTokens.push(row.ContextTokens);
      outputTokens.push(row.GeneratedTokens);
      return undefined;
    },
  });
  const report = log.finish(options);
  return {
    lengths: {
      promptTokens: Int32Array.from(promptTokens),
      outputTokens: Int32Array.from(outputTokens),
    },
    report,
  };
}
