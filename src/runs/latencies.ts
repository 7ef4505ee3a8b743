/**
 * The latencies of one request by their names in the field, each defined here and nowhere else. All
 * instants are seconds on one clock; a latency is NaN where one of its instants never came. TTFT and E2E
 * count from arrival at the gateway, or from send, as benchmarks do, which know of no gateway: under
 * load the two are far apart, so whoever prints one takes its title from here.
 */

/** What each latency is called where a person reads it. */
export const LATENCY_TITLES = Object.freeze(
  {
    wait: "wait at gateway",
    ttft: "TTFT from arrival",
    ttftFromSend: "TTFT from send",
    tpot: "TPOT",
    e2e: "E2E from arrival",
    e2eFromSend: "E2E from send",
  } as const,
);

/** Queue wait: from arrival at the gateway to the hand-over to a server. */
export function queueWait(arrival: number, handedOver: number): number {
  return handedOver - arrival;
}

/** End-to-end latency (E2E): from arrival at the gateway to the last token, every queue included. */
export function endToEnd(arrival: number, lastToken: number): number {
  return lastToken - arrival;
}

/** End-to-end latency from send: what the server and the way to it take. */
export function endToEndFromSend(sent: number, lastToken: number): number {
  return lastToken - sent;
}

/**
 * Time to first token (TTFT): from arrival at the gateway, so both queues and the prefill are in it. What
 * starts at another instant says so.
 */
export function timeToFirstToken(arrival: number, firstToken: number): number {
  return firstToken - arrival;
}

/** Time to first token from send: the server's queue and the prefill, as benchmarks count it. */
export function timeToFirstTokenFromSend(sent: number, firstToken: number): number {
  return firstToken - sent;
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
