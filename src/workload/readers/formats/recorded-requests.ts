import * as z from "zod";
import type { Labels } from "../../workload.ts";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { LabelBuilder } from "../parsing/builders.ts";
import { countColumn, labelColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasColumns } from "../parsing/head.ts";
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

/** A row as {@link RecordedRows} gathers it: what only some formats know besides. */
export interface RecordedRow extends RecordedRequestsRow {
  readonly tenant?: string;
  readonly pieces?: readonly Piece[];
}

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

const SERVER_TIMES = ["server_queue_ms", "server_ttft_ms", "server_generation_ms"] as const;

/** Gathers the rows of a recording. */
export class RecordedRows {
  readonly #rows: RecordedRow[] = [];

  constructor(
    private readonly context: Pick<ReadContext, "log" | "lenient">,
    private readonly name: string,
  ) {}

  take(row: RecordedRow): RowVerdict {
    const { arrival_s: arrival, first_token_s: first, finished_s: finished } = row;
    const { cached_tokens: cached = 0, prompt_tokens: prompt } = row;
    if (cached > prompt) {
      const expected = `at most prompt_tokens (${prompt})`;
      return { field: "cached_tokens", value: cached, expected };
    }
    const expected = "arrival, first token and finish in order of time";
    if (finished < first) return { field: "finished_s", value: finished, expected };
    if (first < arrival) return { field: "first_token_s", value: first, expected };
    this.#rows.push(row);
  }

  finish(): ReadTrace {
    const rows = this.#rows.sort((a, b) => a.arrival_s - b.arrival_s || compareIds(a.id, b.id));
    const has = (name: keyof RecordedRow) => rows.length > 0 && rows[0][name] !== undefined;
    const numbers = (of: (row: RecordedRow) => number) => Float64Array.from(rows, of);
    const counts = (of: (row: RecordedRow) => number) => Int32Array.from(rows, of);
    return assembleTrace(this.context, {
      name: this.name,
      served: {
        arrival: numbers((row) => row.arrival_s),
        promptTokens: counts((row) => row.prompt_tokens),
        outputTokens: counts((row) => row.output_tokens),
        ...has("category") && { category: labelsOf(rows, (row) => row.category!) },
        ...has("tier") && { tier: tiersOf(rows) },
        ...has("tenant") && { tenant: labelsOf(rows, (row) => row.tenant!) },
        ...has("pieces") && { promptBlocks: blocksOfPieces(rows.map((row) => row.pieces!)) },
        extra: {
          id: labelsOf(rows, (row) => row.id),
          ...has("priority") && { priority: counts((row) => row.priority!) },
        },
      },
      measured: {
        ...has("sent_s") && { sent: numbers((row) => row.sent_s!) },
        firstToken: numbers((row) => row.first_token_s),
        finish: numbers((row) => row.finished_s),
        ...has("cached_tokens") && { cachedTokens: counts((row) => row.cached_tokens!) },
        ...has("server_queue_ms") && {
          durations: Object.fromEntries(
            SERVER_TIMES.filter(has).map((name) => [
              name.replace(/_ms$/, ""),
              numbers((row) => row[name]! / 1000),
            ]),
          ),
        },
      },
    });
  }
}

function labelsOf(
  rows: readonly RecordedRow[],
  of: (row: RecordedRow) => string,
): Labels {
  const labels = new LabelBuilder();
  for (const row of rows) labels.push(of(row));
  return labels.finish();
}

function tiersOf(rows: readonly RecordedRow[]): Labels {
  const codes = Uint8Array.from(rows, (row) => row.tier!);
  const most = codes.reduce((a, b) => Math.max(a, b), 0);
  return { codes, names: Array.from({ length: most + 1 }, (_, tier) => String(tier)) };
}

/** Numbers by value, so that 10 comes after 9. */
function compareIds(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
