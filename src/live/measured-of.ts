import type { Exchange } from "./client/exchange.ts";
import { encodeChunks } from "./journal/chunk-code.ts";
import type { Measured } from "./journal/entry.ts";
import { countedOutputTokens } from "./metrics/token-gaps.ts";

/**
 * What a journal keeps of an exchange.
 *
 * @param origin what the exchange's clock said when the run's clock stood at zero
 */
export function measuredOf(exchange: Exchange, origin = 0): Measured {
  const { usage, chunks, serverMetrics } = exchange;
  const shift = (instant: number) => origin === 0 ? instant : instant - origin;
  return {
    sent: exchange.sent,
    headers: exchange.headers,
    firstToken: shift(exchange.firstToken),
    lastToken: shift(exchange.lastToken),
    ended: exchange.ended,
    status: exchange.status,
    finishReason: exchange.finishReason,
    promptTokens: usage?.promptTokens ?? null,
    completionTokens: countedOutputTokens(exchange),
    cachedTokens: usage?.cachedTokens ?? null,
    words: exchange.words,
    bytes: exchange.bytes,
    chunks: encodeChunks({ ...chunks, first: shift(chunks.first) }),
    serverMetrics: serverMetrics === null ? null : { ...serverMetrics },
    ...exchange.doubts.length > 0 && { doubts: [...exchange.doubts] },
  };
}
