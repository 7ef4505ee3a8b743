import { chunkInstants } from "../client/chunk-times.ts";
import {
  endToEnd,
  endToEndFromSend,
  queueWait,
  timePerOutputToken,
  timeToFirstToken,
  timeToFirstTokenFromSend,
} from "../../runs/latencies.ts";
import type { Exchange } from "../client/exchange.ts";
import { choiceInstants, outputTokensOf, tokenGaps } from "./token-gaps.ts";

/** A request that was served. */
export interface Served {
  /** Seconds on the run's clock at which it arrived at the gateway. */
  readonly arrival: number;
  /** The attempt that was answered. */
  readonly exchange: Exchange;
  /** Whether it went to the chat endpoint, where some tools count other events. */
  readonly chat: boolean;
}

/** Whose definition a metric follows. */
export type MetricSource = "gateway" | "vllm bench serve" | "vllm server" | "guidellm";

/** One number of a served request, in seconds; NaN where it does not exist. */
export interface RequestMetric {
  readonly id: string;
  readonly source: MetricSource;
  readonly definition: string;
  readonly of: (served: Served) => number;
}

/** The gaps of a served request, in seconds; their number differs by definition. */
export interface GapMetric {
  readonly id: string;
  readonly source: MetricSource;
  readonly definition: string;
  readonly of: (served: Served) => Float64Array | null;
}

/**
 * Latencies of requests at a real server, each defined once. With a = arrival at the gateway, s = sent
 * (connecting included), f and l = first and last token, n = output tokens; all on the client's clock:
 *
 * | id | is | includes |
 * | --- | --- | --- |
 * | `queue_wait` | s − a | the gateway's queue alone |
 * | `ttft` | f − a | both queues, prefill |
 * | `ttft_from_send` | f − s | the server's queue, prefill |
 * | `tpot` | (l − f) / (n − 1) | decoding alone; NaN for one token |
 * | `e2e` | l − a | everything |
 * | `e2e_from_send` | l − s | everything at the server |
 * | `itl` ({@link GAP_METRICS}) | between neighbouring tokens | sums to l − f, averages to `tpot` |
 *
 * Other tools mean other things by the same names:
 *
 * | id | differs in |
 * | --- | --- |
 * | `bench_ttft` | first event with a choice, the role chunk of a chat too |
 * | `bench_itl` | between events, not tokens; in a chat one more, near zero, after the role chunk |
 * | `bench_e2el` | from send; to the last event with a choice, in a chat to the usage chunk |
 * | `bench_tpot` | (`bench_e2el` − `bench_ttft`) / (n − 1) |
 * | `server_ttft` | per-request metrics: from first scheduled, so without the server's queue |
 * | `server_queue`, `server_decode` | queued to first scheduled; first to last token; engine's clock |
 * | `server_queue_and_ttft` | their sum: what `/metrics` calls TTFT, but for the front end's time |
 * | `guidellm_ttft` | as `ttft_from_send` |
 * | `guidellm_itl` | one mean a request, (l − f) / (n − 1): what others call TPOT |
 * | `guidellm_tpot` | (l − s) / n: the first token and the server's queue are in it |
 * | `guidellm_latency` | from send to the end of the answer, `[DONE]` included |
 *
 * Sources: vLLM reference §1.2, §3, §6.2; GuideLLM's request statistics.
 */
export const REQUEST_METRICS: readonly RequestMetric[] = [
  {
    id: "queue_wait",
    source: "gateway",
    definition: "arrival → sent",
    of: ({ arrival, exchange }) => queueWait(arrival, exchange.sent),
  },
  {
    id: "ttft",
    source: "gateway",
    definition: "arrival → first token",
    of: ({ arrival, exchange }) => timeToFirstToken(arrival, exchange.firstToken),
  },
  {
    id: "ttft_from_send",
    source: "gateway",
    definition: "sent → first token",
    of: ({ exchange }) => timeToFirstTokenFromSend(exchange.sent, exchange.firstToken),
  },
  {
    id: "tpot",
    source: "gateway",
    definition: "(last token − first token) / (tokens − 1)",
    of: tpot,
  },
  {
    id: "e2e",
    source: "gateway",
    definition: "arrival → last token",
    of: ({ arrival, exchange }) => endToEnd(arrival, exchange.lastToken),
  },
  {
    id: "e2e_from_send",
    source: "gateway",
    definition: "sent → last token",
    of: ({ exchange }) => endToEndFromSend(exchange.sent, exchange.lastToken),
  },
  {
    id: "bench_ttft",
    source: "vllm bench serve",
    definition: "sent → first event with a choice",
    of: benchTtft,
  },
  {
    id: "bench_e2el",
    source: "vllm bench serve",
    definition: "sent → last event with a choice; in a chat the last event",
    of: benchE2el,
  },
  {
    id: "bench_tpot",
    source: "vllm bench serve",
    definition: "(E2EL − TTFT) / (tokens − 1)",
    of: (served) =>
      timePerOutputToken(benchTtft(served), benchE2el(served), outputTokensOf(served.exchange)),
  },
  {
    id: "server_ttft",
    source: "vllm server",
    definition: "first scheduled → first token, engine's clock",
    of: ({ exchange }) => exchange.serverMetrics?.timeToFirstToken ?? NaN,
  },
  {
    id: "server_queue",
    source: "vllm server",
    definition: "queued → first scheduled, engine's clock",
    of: ({ exchange }) => exchange.serverMetrics?.queueTime ?? NaN,
  },
  {
    id: "server_queue_and_ttft",
    source: "vllm server",
    definition: "queued → first token, engine's clock",
    of: ({ exchange: { serverMetrics } }) =>
      (serverMetrics?.queueTime ?? NaN) + (serverMetrics?.timeToFirstToken ?? NaN),
  },
  {
    id: "server_decode",
    source: "vllm server",
    definition: "first token → last token, engine's clock",
    of: ({ exchange }) => exchange.serverMetrics?.generationTime ?? NaN,
  },
  {
    id: "guidellm_ttft",
    source: "guidellm",
    definition: "sent → first token",
    of: ({ exchange }) => timeToFirstTokenFromSend(exchange.sent, exchange.firstToken),
  },
  {
    id: "guidellm_itl",
    source: "guidellm",
    definition: "(last token − first token) / (tokens − 1), one mean a request",
    of: tpot,
  },
  {
    id: "guidellm_tpot",
    source: "guidellm",
    definition: "(last token − sent) / tokens",
    of: ({ exchange }) => (exchange.lastToken - exchange.sent) / outputTokensOf(exchange),
  },
  {
    id: "guidellm_latency",
    source: "guidellm",
    definition: "sent → end of the answer",
    of: ({ exchange }) => exchange.ended - exchange.sent,
  },
];

/** Gaps inside an answer; see the table of {@link REQUEST_METRICS}. */
export const GAP_METRICS: readonly GapMetric[] = [
  {
    id: "itl",
    source: "gateway",
    definition: "between neighbouring tokens; an event's gap is shared among its tokens",
    of: ({ exchange }) => tokenGaps(exchange),
  },
  {
    id: "bench_itl",
    source: "vllm bench serve",
    definition: "between neighbouring events with a choice",
    of: ({ exchange }) => {
      const instants = choiceInstants(exchange);
      return instants.subarray(1).map((instant, i) => instant - instants[i]);
    },
  },
];

/** The metric of that id. Throws for an id that stands in neither table. */
export function requestMetric(id: string): RequestMetric {
  const found = REQUEST_METRICS.find((metric) => metric.id === id);
  if (found === undefined) throw new RangeError(`no request metric is named ${id}`);
  return found;
}

function tpot({ exchange }: Served): number {
  return timePerOutputToken(exchange.firstToken, exchange.lastToken, outputTokensOf(exchange));
}

function benchTtft({ exchange }: Served): number {
  return (choiceInstants(exchange)[0] ?? NaN) - exchange.sent;
}

function benchE2el({ exchange, chat }: Served): number {
  const instants = chat ? chunkInstants(exchange.chunks) : choiceInstants(exchange);
  return (instants[instants.length - 1] ?? NaN) - exchange.sent;
}
