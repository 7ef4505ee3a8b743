import * as z from "zod";
import { joinedPieces } from "../parsing/blocks-of-pieces.ts";
import { countColumn, INT32_MAX } from "../parsing/columns.ts";
import { hasKeys } from "../parsing/head.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import type { TraceFormat } from "../trace-format.ts";
import { RecordedRequestsRow, RecordedRows } from "./recorded-requests.ts";

const whole = z.int().min(0).max(INT32_MAX);

/** A line of a recorded run whose prompts are known; times in seconds since the run's start. */
export const RecordedChatRow = RecordedRequestsRow.omit({ id: true, category: true }).extend({
  id: countColumn("number of the request"),
  prompt: z.array(z.tuple([whole, whole, z.int().min(1).max(INT32_MAX)])).min(1).meta({
    description: "pieces of the prompt: segment, offset in it, tokens; equal pieces, equal tokens",
  }),
  tenant: countColumn("number of the client").optional(),
});

/**
 * `requests.jsonl` of a run against a real server: as `recorded-requests`, with what prompts consist of
 * and how many of their tokens the server had cached. Pieces that go on where the one before ended are
 * joined, so that prompts that begin alike begin with the same blocks. A prompt whose pieces are longer
 * than the prompt is refused; what it holds beyond them is its own.
 */
export const recordedChat: TraceFormat = {
  name: "recorded-chat",
  title: "requests.jsonl of a recorded run with its prompts",
  row: RecordedChatRow,
  recognise: (head) =>
    hasKeys(head, ["arrival_s", "prompt", "prompt_tokens", "first_token_s", "finished_s"])
      ? "JSON lines with arrival_s, prompt, prompt_tokens, first_token_s and finished_s"
      : undefined,
  reader(context) {
    const rows = new RecordedRows(context, "Recorded chat");
    return jsonLinesReader({
      log: context.log,
      schema: RecordedChatRow,
      take({ id, tenant, prompt, ...row }) {
        const tokens = prompt.reduce((sum, [, , each]) => sum + each, 0);
        if (tokens > row.prompt_tokens) {
          const expected = `pieces of at most prompt_tokens (${row.prompt_tokens}) together`;
          return { field: "prompt", value: tokens, expected };
        }
        const tenants = tenant === undefined ? {} : { tenant: String(tenant) };
        return rows.take({ ...row, ...tenants, id: String(id), pieces: joinedPieces(prompt) });
      },
      end: () => rows.finish(),
    });
  },
};
