/**
 * The latencies of one request by their names in the field, each defined here and nowhere else. All
 * instants are seconds on one clock; a latency is NaN where one of its instants never came. Who counts
 * from another instant (from sending, as benchmarks do) says so in its name or docstring.
 */

/** Queue wait: from arrival at the gateway to the hand-over to a server. */
export function queueWait(arrival: number, handedOver: number): number {
  return handedOver - arrival;
}

/** End-to-end latency (E2E): from arrival at the gateway to the last token, every queue included. */
export function endToEnd(arrival: number, lastToken: number): number {
  return lastToken - arrival;
}

/**
 * Time to first token (TTFT): from arrival at the gateway, so both queues and the prefill are in it. What
 * starts at another instant is no TTFT of ours; benchmarks, which know of no gateway, start at sending.
 */
export function timeToFirstToken(arrival: number, firstToken: number): number {
  return firstToken - arrival;
}

/**
 * Time per output token (TPOT): decoding alone, the mean gap between tokens; NaN for an answer of fewer
 * than two tokens, which has no gap.
 *
 * @param tokens output tokens of the answer
 * @example
 * timePerOutputToken(1, 3, 5); // 0.5
 */
export function timePerOutputToken(firstToken: number, lastToken: number, tokens: number): number {
  return tokens > 1 ? (lastToken - firstToken) / (tokens - 1) : NaN;
}
