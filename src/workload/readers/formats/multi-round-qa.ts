import * as z from "zod";
import { countColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasColumns } from "../parsing/head.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import { csvRowReader } from "../parsing/read-csv.ts";
import type { TraceFormat } from "../trace-format.ts";

function unixColumn(description: string) {
  return z.number().min(0).max(1e11).meta({ description, unit: "seconds since 1970" });
}

/** A round of a conversation. */
export const MultiRoundQaRow = z.strictObject({
  prompt_tokens: tokensColumn("length of the prompt", { min: 0 }),
  generation_tokens: tokensColumn("length of the answer; 0: there was none", { min: 0 }),
  ttft: secondsColumn("sent to first token; 0: there was none"),
  generation_time: secondsColumn("first to last token"),
  user_id: countColumn("user, who has one conversation"),
  question_id: countColumn("round of the conversation").optional(),
  launch_time: unixColumn("when it was sent"),
  finish_time: unixColumn("last token").optional(),
});

/**
 * The table that the multi-round QA benchmark of vLLM's production stack writes, `summary.csv`, with or
 * without the index of pandas. A row is a round: its user is its tenant and, because each has one
 * conversation, its session. A TTFT of 0 is what the benchmark writes where no text came: it is not
 * known.
 *
 * Source: vllm-project/production-stack, `benchmarks/multi-round-qa/multi-round-qa.py`, at 0a330da.
 */
export const multiRoundQa: TraceFormat = {
  name: "multi-round-qa",
  title: "production-stack's multi-round QA (summary.csv)",
  row: MultiRoundQaRow,
  recognise: (head) =>
    hasColumns(head, [
        ...["prompt_tokens", "generation_tokens", "ttft", "generation_time", "user_id"],
        "launch_time",
      ])
      ? "header with prompt_tokens, generation_tokens, ttft, generation_time, user_id and launch_time"
      : undefined,
  reader(context) {
    const requests = new LoggedRequests(context, { name: "Multi-round QA", names: NAMES });
    const csv = csvRowReader(MultiRoundQaRow, {
      log: context.log,
      take: (row) =>
        requests.take({
          arrival: row.launch_time,
          sent: row.launch_time,
          firstToken: row.launch_time + row.ttft,
          finish: row.finish_time ?? row.launch_time + row.ttft + row.generation_time,
          promptTokens: row.prompt_tokens,
          outputTokens: row.generation_tokens,
          tenant: String(row.user_id),
          session: String(row.user_id),
          ...row.question_id !== undefined && { extra: { question_id: row.question_id } },
        }),
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        return requests.finish();
      },
    };
  },
};

const NAMES = {
  arrival: "launch_time",
  sent: "launch_time",
  firstToken: "ttft",
  finish: "finish_time",
  promptTokens: "prompt_tokens",
  outputTokens: "generation_tokens",
};
