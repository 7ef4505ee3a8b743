import { decodeChunks } from "./journal/chunk-code.ts";
import type { Measured } from "./journal/entry.ts";
import { contentEvents } from "./metrics/token-gaps.ts";

/**
 * Tokens of an answer that its server did not count, by the events that carried anything; null where
 * it counted, and where there was no stream.
 */
export function estimatedOutputTokens({ completionTokens, chunks }: Measured): number | null {
  if (completionTokens !== null || chunks.size === 0) return null;
  return contentEvents(decodeChunks(chunks)) || null;
}

/** Whether an answer came as a whole and not as a stream: when its first token was there is unknown. */
export function cameWhole({ chunks, firstToken, lastToken }: Measured): boolean {
  return chunks.size === 0 && Number.isNaN(firstToken) && !Number.isNaN(lastToken);
}
