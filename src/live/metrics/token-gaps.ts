import { CHUNK_KINDS, chunkInstants, type ChunkTimes } from "../client/chunk-times.ts";
import type { Exchange } from "../client/exchange.ts";

const CONTENT = CHUNK_KINDS.indexOf("content");
const USAGE = CHUNK_KINDS.indexOf("usage");

/**
 * Tokens of the answer as the server counts them: its usage, else the sum of the events' counts; null
 * where it gave neither, see {@link contentEvents}.
 */
export function countedOutputTokens({ usage, chunks }: Exchange): number | null {
  if (usage !== null && usage.completionTokens !== null) return usage.completionTokens;
  if (chunks.tokens === null || contentEvents(chunks) === 0) return null;
  return chunks.tokens.reduce((sum, tokens) => sum + tokens, 0);
}

/**
 * Events of a stream that carried anything: an estimate of the answer's tokens where the server counts
 * none, as vLLM's own benchmark takes it. Too low where a server merges tokens.
 */
export function contentEvents({ kinds }: Pick<ChunkTimes, "kinds">): number {
  return kinds.reduce((count, kind) => kind === CONTENT ? count + 1 : count, 0);
}

/** {@link countedOutputTokens} as a number of a column: NaN where nobody counted. */
export function outputTokensOf(exchange: Exchange): number {
  return countedOutputTokens(exchange) ?? NaN;
}

/**
 * Seconds between neighbouring tokens of an answer, shape (tokens − 1). An event that brings k tokens
 * a gap g after the last one counts as k gaps of g / k, so that their sum is last − first token; more
 * tokens in the first event came at once. Null where the server said how many tokens there were but
 * not which event brought them.
 */
export function tokenGaps(exchange: Exchange): Float64Array | null {
  const { chunks } = exchange;
  const instants = chunkInstants(chunks);
  const tokens = chunks.tokens ?? oneEach(exchange);
  if (tokens === null) return null;
  const gaps: number[] = [];
  let last = NaN;
  for (let i = 0; i < chunks.size; i++) {
    if (tokens[i] === 0) continue;
    const gap = Number.isNaN(last) ? 0 : (instants[i] - last) / tokens[i];
    const count = Number.isNaN(last) ? tokens[i] - 1 : tokens[i];
    for (let k = 0; k < count; k++) gaps.push(gap);
    last = instants[i];
  }
  return Float64Array.from(gaps);
}

/** One token an event with content, if the usage agrees: it has that many. */
function oneEach({ chunks, usage }: Exchange): Int32Array | null {
  const tokens = Int32Array.from(chunks.kinds, (kind) => kind === CONTENT ? 1 : 0);
  const sum = tokens.reduce((total, one) => total + one, 0);
  return usage !== null && usage.completionTokens === sum ? tokens : null;
}

/** Instants of the events that have a choice: all but the usage chunk. Shape (events). */
export function choiceInstants({ chunks }: Exchange): Float64Array {
  return chunkInstants(chunks).filter((_, i) => chunks.kinds[i] !== USAGE);
}
