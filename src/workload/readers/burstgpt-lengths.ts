import { z } from "zod";
import {
  enumColumn,
  labelColumn,
  optionalLabelColumn,
  secondsColumn,
  tokensColumn,
} from "./columns.ts";
import type { ReadLengths } from "./lengths.ts";
import { readCsv } from "./read-csv.ts";
import { ReadLog } from "./read-log.ts";
import type { ReadOptions } from "./read-options.ts";

/** Name of the format. */
export const BURSTGPT = "burstgpt";

const fromZero = { min: 0 };

/**
 * A row of BurstGPT. Version 2 has the two optional columns, in the middle of the others; they are
 * found by name.
 */
export const BurstGptRow = z.strictObject({
  "Timestamp": secondsColumn("submission, since midnight of the first day of the whole log"),
  "Session ID": optionalLabelColumn("conversation; empty on API rows").optional(),
  "Elapsed time": secondsColumn("submission to last token, whole seconds").optional(),
  "Model": labelColumn("model that was asked"),
  "Request tokens": tokensColumn("length of the prompt; 0 in failed rows", fromZero),
  "Response tokens": tokensColumn("length of the answer; 0: the request failed", fromZero),
  "Total tokens": tokensColumn("prompt and answer", fromZero),
  "Log Type": enumColumn("where the request came from", ["Conversation log", "API log"]),
});

/**
 * Reads the lengths of BurstGPT (Wang et al., KDD 2025), version 1 or 2: answered requests only. A
 * failed request has no response tokens, and no prompt length either; the report counts these as
 * set aside. Throws an InputError (see {@link ReadOptions}), also for a row whose total is not the
 * sum of its parts.
 *
 * @param input the CSV file
 * @param source its path or name, for errors
 */
export function readBurstGptLengths(
  input: Uint8Array | string,
  source: string,
  options: ReadOptions = {},
): ReadLengths {
  const log = new ReadLog(source, BURSTGPT);
  const promptTokens: number[] = [];
  const outputTokens: number[] = [];
  readCsv(input, BurstGptRow, {
    log,
    take(row) {
      const prompt = row["Request tokens"];
      const output = row["Response tokens"];
      const total = row["Total tokens"];
      if (total !== prompt + output) {
        const expected = `the sum of request and response tokens, ${prompt + output}`;
        return { field: "Total tokens", value: total, expected };
      }
      if (output === 0) return { setAside: "failed requests (no response tokens)" };
      if (prompt === 0) {
        const expected = "at least 1 in a row with an answer";
        return { field: "Request tokens", value: prompt, expected };
      }
      promptTokens.push(prompt);
      outputTokens.push(output);
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
