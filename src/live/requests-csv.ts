import { type CsvCell, writeCsv } from "../csv/write-csv.ts";
import { STATUSES } from "../runs/run.ts";
import type { ChunkTimes } from "./client/chunk-times.ts";
import { decodeChunks } from "./journal/chunk-code.ts";
import type { Measured } from "./journal/entry.ts";
import { REQUEST_METRICS } from "./metrics/request-metrics.ts";
import { exchangeOf } from "./exchange-of.ts";
import type { JournaledGateway } from "./journaled-gateway.ts";
import { estimatedOutputTokens } from "./output-tokens.ts";
import { NOT_OVER } from "../gateway/gateway-record.ts";

type Column = readonly [name: string, of: (measured: Measured, chunks: ChunkTimes) => CsvCell];

/** What was measured of the last attempt. Instants: seconds on the run's clock. */
const MEASURED: readonly Column[] = [
  ["http_status", ({ status }) => status],
  ["finish_reason", ({ finishReason }) => finishReason],
  ["sent", ({ sent }) => sent],
  ["headers", ({ headers }) => headers],
  ["first_token", ({ firstToken }) => firstToken],
  ["last_token", ({ lastToken }) => lastToken],
  ["ended", ({ ended }) => ended],
  ["prompt_tokens", ({ promptTokens }) => promptTokens],
  ["completion_tokens", ({ completionTokens }) => completionTokens],
  ["cached_tokens", ({ cachedTokens }) => cachedTokens],
  ["words", ({ words }) => words],
  ["bytes", ({ bytes }) => bytes],
  ["first_chunk", (_, { first }) => first],
  ["chunk_gaps_us", (_, { gaps }) => gaps.join(" ")],
  ["chunk_tokens", (_, { tokens }) => tokens?.join(" ") ?? null],
];

/**
 * The text of `requests.csv`: one line a request, in the workload's order, with all that was measured
 * at the client.
 *
 * Instants (`arrival`, `sent`, `headers`, `first_token`, `last_token`, `ended`, `first_chunk`) are
 * seconds on one clock, the run's: it stands at 0 when the first phase begins, whose arrivals are the
 * workload's own; arrivals of later phases have the phase's beginning added. With `--time SPEED` the
 * seconds are the twin's. `arrival` is when the request was due at the gateway; `late` is how many
 * seconds after that it was estimated; `sent` when its last attempt went to the socket; `first_chunk`
 * and the gaps behind it (microseconds) when each event of its stream came.
 *
 * For completed requests the metrics of {@link REQUEST_METRICS} follow, in seconds, by their ids: those
 * without `from_send` in their name count from `arrival`, those of other tools as these do.
 * `completion_tokens` is the server's own count; where it gave none, `estimated_tokens` has the events
 * that carried anything. An empty cell: that never came, or is not known.
 *
 * @param run whether requests went to the chat endpoint, and the servers' addresses
 */
export function writeRequestsCsv(
  { record, scheduler }: JournaledGateway,
  run: { readonly chat: boolean; readonly servers: readonly string[] },
): string {
  const { status, reason, message, server, attempts, failures, late, measured } = record;
  const { queuedAt } = scheduler.record;
  const rows = measured.map((found, row): CsvCell[] => {
    const last = found === null ? null : { measured: found, chunks: decodeChunks(found.chunks) };
    const metrics = last === null || status[row] !== 0
      ? REQUEST_METRICS.map(() => null)
      : metricsOf(last, {
        arrival: queuedAt[row],
        chat: run.chat,
        server: run.servers[server[row]],
        row,
      });
    return [
      row,
      status[row] === NOT_OVER ? null : STATUSES[status[row]],
      reason[row],
      message[row],
      server[row] < 0 ? null : server[row],
      attempts[row],
      failures[row],
      queuedAt[row],
      late[row],
      ...MEASURED.map(([, of]) => last === null ? null : of(last.measured, last.chunks)),
      ...metrics,
      found === null ? null : estimatedOutputTokens(found),
    ];
  });
  const names = ["request", "status", "reason", "message", "server", "attempts", "failures"];
  return writeCsv([
    ...names,
    "arrival",
    "late",
    ...MEASURED.map(([name]) => name),
    ...REQUEST_METRICS.map(({ id }) => id),
    "estimated_tokens",
  ], rows);
}

function metricsOf(
  { measured, chunks }: { readonly measured: Measured; readonly chunks: ChunkTimes },
  { arrival, chat, server, row }: {
    readonly arrival: number;
    readonly chat: boolean;
    readonly server: string;
    readonly row: number;
  },
): number[] {
  const exchange = exchangeOf(measured, { requestId: String(row), server, chunks });
  return REQUEST_METRICS.map(({ of }) => of({ arrival, exchange, chat }));
}
