import * as z from "zod";
import { labelColumn, optionalLabelColumn } from "../parsing/columns.ts";
import { hasColumns } from "../parsing/head.ts";
import { type LoggedRequest, LoggedRequests } from "../parsing/logged-requests.ts";
import { csvRowReader } from "../parsing/read-csv.ts";
import type { RowVerdict } from "../parsing/row-verdict.ts";
import type { TraceFormat, UnservedStatus } from "../trace-format.ts";

function secondsCell(description: string) {
  return z.string().regex(/^(?:-?[0-9]{1,12}(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?)?$/).meta({
    description,
    unit: "seconds",
    expected: "seconds, or nothing",
  });
}

function tokensCell(description: string) {
  return z.string().regex(/^[0-9]{0,10}$/)
    .meta({ description, unit: "tokens", expected: "a number of tokens, or nothing" });
}

/** What is read of a row of a live run's `requests.csv`; a cell is empty where nothing came. */
export const LiveRequestsRow = z.strictObject({
  request: labelColumn("number of the request"),
  status: optionalLabelColumn("how it ended; empty: the run was stopped before it did"),
  attempts: z.int().min(0).meta({ description: "times that it was sent" }),
  arrival: secondsCell("arrival at the gateway, on the run's clock"),
  sent: secondsCell("when its last attempt was sent"),
  first_token: secondsCell("first token at the client"),
  last_token: secondsCell("last token at the client"),
  ended: secondsCell("end of the exchange"),
  prompt_tokens: tokensCell("length of the prompt by the server's count"),
  completion_tokens: tokensCell("length of the answer by the server's count"),
  cached_tokens: tokensCell("of the prompt that the server had in its prefix cache"),
  server_ttft: secondsCell("first scheduled to first token by the server").optional(),
  server_queue: secondsCell("time in the server's queue").optional(),
  server_decode: secondsCell("first to last token by the server").optional(),
  estimated_tokens: tokensCell("events that carried anything, where the server gave no count")
    .optional(),
});
type LiveRequestsRow = z.output<typeof LiveRequestsRow>;

const NAMES = {
  arrival: "arrival",
  sent: "sent",
  firstToken: "first_token",
  finish: "last_token",
  promptTokens: "prompt_tokens",
  outputTokens: "completion_tokens",
  cachedTokens: "cached_tokens",
};

const COMPLETED = "completed";
const ENDS: Readonly<Record<string, UnservedStatus>> = {
  failed: "failed",
  rejected: "rejected",
  cancelled: "cancelled",
  "": "cancelled",
};

/**
 * `requests.csv` of `deno task live`: what was measured of each request at the client, seconds on the
 * run's clock. It arrives at the gateway and is sent when that lets it go. Completed requests whose
 * prompt nobody counted are set aside; an answer without a count has as many tokens as events that
 * carried anything, which is said. What did not complete is among the trace's `unserved`. Tenants, tiers
 * and what prompts share are in the run's `run.json`.
 */
export const liveRequests: TraceFormat = {
  name: "live-requests",
  title: "requests.csv of a live run",
  row: LiveRequestsRow,
  recognise: (head) =>
    hasColumns(head, ["request", "attempts", "sent", "first_token", "last_token", "prompt_tokens"])
      ? "header with request, attempts, sent, first_token, last_token and prompt_tokens"
      : undefined,
  reader(context) {
    const { log } = context;
    const requests = new LoggedRequests(context, {
      name: "Live run",
      names: NAMES,
      sinceFirst: false,
    });
    let estimated = 0;
    const csv = csvRowReader(LiveRequestsRow, {
      log,
      take(row): RowVerdict {
        if (row.status !== COMPLETED) {
          const status = ENDS[row.status];
          if (status !== undefined) return requests.take({ ...loggedOf(row), status });
          const expected = `one of ${[COMPLETED, ...Object.keys(ENDS)].join(", ")}`;
          return { field: "status", value: row.status, expected };
        }
        const { outputTokens, promptTokens } = loggedOf(row);
        if (promptTokens === undefined) {
          return { setAside: "completed requests whose prompt the server did not count" };
        }
        if (outputTokens === undefined && !row.estimated_tokens) {
          return { setAside: "completed requests whose answer nobody counted" };
        }
        if (row.arrival === "") {
          return { field: "arrival", value: "", expected: "when the request arrived" };
        }
        const verdict = requests.take({
          ...loggedOf(row),
          outputTokens: outputTokens ?? Number(row.estimated_tokens),
        });
        if (verdict === undefined && outputTokens === undefined) estimated++;
        return verdict;
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        if (estimated > 0) {
          log.assumptions.push(
            `answers of ${estimated} requests have as many tokens as events that carried anything: the ` +
              "server gave no count",
          );
        }
        return requests.finish();
      },
    };
  },
};

function loggedOf(row: LiveRequestsRow): LoggedRequest {
  const last = secondsOf(row.last_token);
  return {
    arrival: secondsOf(row.arrival),
    sent: secondsOf(row.sent),
    firstToken: secondsOf(row.first_token),
    finish: Number.isNaN(last) ? secondsOf(row.ended) : last,
    promptTokens: countOf(row.prompt_tokens),
    outputTokens: countOf(row.completion_tokens),
    cachedTokens: countOf(row.cached_tokens),
    extra: { id: row.request },
    durations: {
      ...durationOf("server_queue", row.server_queue),
      ...durationOf("server_ttft", row.server_ttft),
      ...durationOf("server_generation", row.server_decode),
    },
  };
}

function secondsOf(cell: string): number {
  return cell === "" ? NaN : Number(cell);
}

function countOf(cell: string): number | undefined {
  return cell === "" ? undefined : Number(cell);
}

function durationOf(name: string, cell: string | undefined): Readonly<Record<string, number>> {
  return cell ? { [name]: Number(cell) } : {};
}
