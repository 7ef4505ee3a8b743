import type { ChunkTimes } from "./client/chunk-times.ts";
import type { Exchange, ServerMetrics } from "./client/exchange.ts";
import { decodeChunks } from "./journal/chunk-code.ts";
import type { Measured } from "./journal/entry.ts";

/**
 * The exchange of a completed attempt that was kept as {@link Measured}, for whoever computes metrics.
 *
 * @param chunks the attempt's chunks, where they are decoded already @default decoded here
 */
export function exchangeOf(
  measured: Measured,
  { requestId, server, chunks = decodeChunks(measured.chunks) }: {
    readonly requestId: string;
    readonly server: string;
    readonly chunks?: ChunkTimes;
  },
): Exchange {
  const { promptTokens, completionTokens, cachedTokens, serverMetrics, doubts = [], ...rest } =
    measured;
  return {
    ...rest,
    requestId,
    server,
    doubts,
    outcome: { kind: "completed" },
    stopReason: null,
    text: null,
    chunks,
    usage: promptTokens === null && completionTokens === null
      ? null
      : { promptTokens, completionTokens, cachedTokens },
    serverMetrics: serverMetrics as ServerMetrics | null,
  };
}
