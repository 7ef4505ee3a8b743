import * as z from "zod";
import { countColumn, labelColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasColumns } from "../parsing/head.ts";
import {
  type LoggedNames,
  type LoggedRequest,
  LoggedRequests,
} from "../parsing/logged-requests.ts";
import { csvRowReader } from "../parsing/read-csv.ts";
import type { RowVerdict } from "../parsing/row-verdict.ts";
import type { Piece } from "../../content-of-pieces.ts";
import { blocksOfPieces } from "../parsing/blocks-of-pieces.ts";
import type { ReadContext, ReadTrace, TraceFormat, TraceReader } from "../trace-format.ts";

/** A row of a recorded run's `requests.csv`; times in seconds since the run's start. */
export const RecordedRequestsRow = z.strictObject({
  id: labelColumn("number or name of the request"),
  arrival_s: secondsColumn("arrival at the client"),
  prompt_tokens: tokensColumn("length of the prompt"),
  output_tokens: tokensColumn("length of the answer"),
  priority: z.int().meta({ description: "vLLM's priority, lower is more urgent" }).optional(),
  category: labelColumn("job type").optional(),
  tier: countColumn("tier, 0 is the most urgent", { max: 255 }).optional(),
  sent_s: secondsColumn("when the client sent it").optional(),
  first_token_s: secondsColumn("first token at the client"),
  finished_s: secondsColumn("last token at the client"),
  server_queue_ms: z.number().min(0).max(1e9)
    .meta({ description: "time in the server's queue", unit: "milliseconds" }).optional(),
  server_ttft_ms: z.number().min(0).max(1e9)
    .meta({ description: "time to first token by the server", unit: "milliseconds" }).optional(),
  server_generation_ms: z.number().min(0).max(1e9)
    .meta({ description: "first to last token by the server", unit: "milliseconds" }).optional(),
  cached_tokens: tokensColumn("of the prompt that the server had in its prefix cache", { min: 0 })
    .optional(),
});
export type RecordedRequestsRow = z.output<typeof RecordedRequestsRow>;

/**
 * Requests of a run against a real server, as vLLM recordings in `data/vllm_cpu_measured` have them.
 * Rows are put in order of arrival, equal ones by id (numbers by value), which is the order in which
 * a client that sends at once is asked. A row whose times run backwards is refused. The server's own
 * durations are kept, in seconds.
 */
export const recordedRequests: TraceFormat = {
  name: "recorded-requests",
  title: "requests.csv of a recorded run",
  row: RecordedRequestsRow,
  recognise: (head) =>
    hasColumns(head, ["arrival_s", "prompt_tokens", "output_tokens", "first_token_s", "finished_s"])
      ? "header with arrival_s, prompt_tokens, output_tokens, first_token_s and finished_s"
      : undefined,
  reader(context) {
    const rows = new RecordedRows(context, "Recorded requests");
    const csv = csvRowReader(RecordedRequestsRow, {
      log: context.log,
      take: (row) => rows.take(row),
    });
    return readerOf(csv, rows);
  },
};

/** A reader that ends with the trace of `rows`. */
export function readerOf(
  csv: { push(bytes: Uint8Array): void; end(): void },
  rows: RecordedRows,
): TraceReader {
  return {
    push: (bytes) => csv.push(bytes),
    end() {
      csv.end();
      return rows.finish();
    },
  };
}

/** A row as {@link RecordedRows} gathers it: what only some formats know besides. */
export interface RecordedRow extends RecordedRequestsRow {
  readonly tenant?: string;
  readonly pieces?: readonly Piece[];
}

const NAMES = {
  arrival: "arrival_s",
  promptTokens: "prompt_tokens",
  outputTokens: "output_tokens",
  cachedTokens: "cached_tokens",
  sent: "sent_s",
  firstToken: "first_token_s",
  finish: "finished_s",
};
const SERVER_TIMES = ["server_queue_ms", "server_ttft_ms", "server_generation_ms"] as const;

/** {@link LoggedRequests} of a recording, whose rows are put in order of arrival and id. */
export class RecordedRows {
  readonly #rows: RecordedRow[] = [];
  readonly #logged: LoggedRequests;

  /**
   * @param name of the workload
   * @param names what the file calls its columns, where not as `recorded-requests` does
   */
  constructor(
    context: Pick<ReadContext, "log" | "lenient" | "options">,
    name: string,
    names: LoggedNames = {},
  ) {
    this.#logged = new LoggedRequests(context, {
      name,
      names: { ...NAMES, ...names },
      sinceFirst: false,
    });
  }

  take(row: RecordedRow): RowVerdict {
    const problem = this.#logged.problemOf(loggedOf(row));
    if (problem === undefined) this.#rows.push(row);
    return problem;
  }

  finish(): ReadTrace {
    const blocks = blocksOfPieces();
    this.#rows.sort((a, b) => a.arrival_s - b.arrival_s || compareIds(a.id, b.id));
    for (const row of this.#rows) {
      this.#logged.take({ ...loggedOf(row), ...row.pieces && blocks(row.pieces) });
    }
    return this.#logged.finish();
  }
}

function loggedOf(row: RecordedRow): LoggedRequest {
  return {
    arrival: row.arrival_s,
    sent: row.sent_s,
    firstToken: row.first_token_s,
    finish: row.finished_s,
    promptTokens: row.prompt_tokens,
    outputTokens: row.output_tokens,
    cachedTokens: row.cached_tokens,
    tenant: row.tenant,
    tier: row.tier === undefined ? undefined : String(row.tier),
    category: row.category,
    extra: { id: row.id, ...row.priority !== undefined && { priority: row.priority } },
    durations: Object.fromEntries(
      SERVER_TIMES.filter((name) => row[name] !== undefined)
        .map((name) => [name.replace(/_ms$/, ""), row[name]! / 1000]),
    ),
  };
}

/** Numbers by value, so that 10 comes after 9. */
function compareIds(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
