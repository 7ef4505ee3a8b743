/**
 * The time to first token of a file that has durations and no instants, seconds. One that is absent, 0 or
 * as long as the whole answer of several tokens is that of an answer in one piece: NaN.
 *
 * @param latency of the whole answer, seconds
 *
 * @example
 * measuredTtft(2, 2, 9); // { ttft: NaN, inOnePiece: true }
 */
export function measuredTtft(
  ttft: number | null | undefined,
  latency: number,
  outputTokens: number | null | undefined,
): { readonly ttft: number; readonly inOnePiece: boolean } {
  const inOnePiece = !ttft || (ttft === latency && (outputTokens ?? 0) > 1);
  return { ttft: inOnePiece ? NaN : ttft, inOnePiece };
}
