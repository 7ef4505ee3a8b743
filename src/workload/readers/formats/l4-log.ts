import * as z from "zod";
import { labelColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasColumns } from "../parsing/head.ts";
import { csvRowReader } from "../parsing/read-csv.ts";
import { readerOf, RecordedRows } from "./recorded-requests.ts";
import type { TraceFormat } from "../trace-format.ts";

/** A row of the log; times in seconds since the run's start. */
export const L4LogRow = z.strictObject({
  id: labelColumn("number of the request"),
  prompt_len: tokensColumn("length of the prompt"),
  output_tokens: tokensColumn("length of the answer"),
  scheduled_s: secondsColumn("when the load generator's clock said to send it"),
  sent_s: secondsColumn("when it was sent").optional(),
  first_token_s: secondsColumn("first token at the client"),
  finished_s: secondsColumn("last token at the client"),
});

/**
 * The log of 160 requests to vLLM on a real L4 (bytes-per-token, MIT): as `recorded-requests` with
 * other names. A request arrives when it was scheduled, not when the client came to send it.
 */
export const l4Log: TraceFormat = {
  name: "l4-log",
  title: "per-request log of vLLM on an L4",
  row: L4LogRow,
  recognise: (head) =>
    hasColumns(head, ["prompt_len", "output_tokens", "scheduled_s", "first_token_s", "finished_s"])
      ? "header with prompt_len, output_tokens, scheduled_s, first_token_s and finished_s"
      : undefined,
  reader(context) {
    const rows = new RecordedRows(context, "L4 log", {
      arrival: "scheduled_s",
      promptTokens: "prompt_len",
    });
    const csv = csvRowReader(L4LogRow, {
      log: context.log,
      take: ({ scheduled_s: arrival_s, prompt_len: prompt_tokens, ...row }) =>
        rows.take({ ...row, arrival_s, prompt_tokens }),
    });
    return readerOf(csv, rows);
  },
};
