import { gather } from "../workload/transforms/gather.ts";
import { takeContent } from "../workload/transforms/take-content.ts";
import type { RecordedRequests } from "./recorded-run.ts";

/** A recording whose requests arrive when they were sent, and by how much that is later. */
export interface AsSent {
  readonly requests: RecordedRequests;
  /** Seconds from arrival to send at most; 0 where nothing changed. */
  readonly waited: number;
}

/** How large a part of the time at the server a wait before it may be to be no queue. */
const NO_QUEUE = 0.01;

/**
 * The recording as its server saw it, where nobody knows how the client queued: requests that waited in
 * the client arrive when they were sent. A client that only came a little late is left alone.
 */
export function asSent(requests: RecordedRequests): AsSent {
  const { sent, arrival, finish } = requests;
  if (sent === undefined || sent.some(Number.isNaN)) return { requests, waited: 0 };
  let [waits, served, waited] = [0, 0, 0];
  for (let row = 0; row < sent.length; row++) {
    waits += sent[row] - arrival[row];
    served += finish[row] - sent[row];
    waited = Math.max(waited, sent[row] - arrival[row]);
  }
  if (waits <= NO_QUEUE * served) return { requests, waited: 0 };
  const order = Int32Array.from(sent.keys()).sort((a, b) => sent[a] - sent[b] || a - b);
  const { content, id, serverTtft, serverGeneration, cachedTokens } = requests;
  return {
    waited,
    requests: {
      size: requests.size,
      id: Array.from(order, (row) => id[row]),
      arrival: gather(sent, order),
      sent: gather(sent, order),
      promptTokens: gather(requests.promptTokens, order),
      outputTokens: gather(requests.outputTokens, order),
      priority: gather(requests.priority, order),
      tier: gather(requests.tier, order),
      firstToken: gather(requests.firstToken, order),
      finish: gather(finish, order),
      ...serverTtft && { serverTtft: gather(serverTtft, order) },
      ...serverGeneration && { serverGeneration: gather(serverGeneration, order) },
      ...cachedTokens && { cachedTokens: gather(cachedTokens, order) },
      ...content && { content: takeContent(content, order) },
    },
  };
}
