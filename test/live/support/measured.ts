import type { Measured } from "../../../src/live/journal/entry.ts";

/** What was measured of an attempt of which a test says only what matters to it. */
export function measured(known: Partial<Measured> = {}): Measured {
  return {
    sent: NaN,
    headers: NaN,
    firstToken: NaN,
    lastToken: NaN,
    ended: NaN,
    status: 200,
    finishReason: "length",
    promptTokens: null,
    completionTokens: null,
    cachedTokens: null,
    words: 0,
    bytes: 0,
    chunks: { size: 0, first: NaN, gaps: "", kinds: "", tokens: null },
    serverMetrics: null,
    ...known,
  };
}
