import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChunkKind, ChunkRecorder } from "../../../src/live/client/chunk-times.ts";
import type { Exchange, ServerMetrics } from "../../../src/live/client/exchange.ts";
import {
  GAP_METRICS,
  REQUEST_METRICS,
  requestMetric,
  type Served,
} from "../../../src/live/metrics/request-metrics.ts";
import { outputTokensOf } from "../../../src/live/metrics/token-gaps.ts";

/** Events as [instant, kind, tokens]. */
type Events = readonly (readonly [number, ChunkKind, number | null])[];

interface Parts {
  readonly completionTokens?: number;
  readonly serverMetrics?: ServerMetrics;
}

/** Sent at 11 s, answered by `events`, over 1 ms after the last one. */
function exchangeOf(events: Events, { completionTokens, serverMetrics }: Parts = {}): Exchange {
  const recorder = new ChunkRecorder();
  for (const [instant, kind, tokens] of events) recorder.add(instant, kind, tokens);
  const withTokens = events.filter(([, kind, tokens]) => kind === "content" && tokens !== 0);
  return {
    requestId: "r",
    server: "http://localhost",
    outcome: { kind: "completed" },
    status: 200,
    sent: 11,
    headers: 11.001,
    firstToken: withTokens[0]?.[0] ?? NaN,
    lastToken: withTokens[withTokens.length - 1]?.[0] ?? NaN,
    ended: (events[events.length - 1]?.[0] ?? 11) + 0.001,
    chunks: recorder.finish(),
    finishReason: "length",
    stopReason: null,
    usage: completionTokens === undefined
      ? null
      : { promptTokens: 5, completionTokens, cachedTokens: null },
    serverMetrics: serverMetrics ?? null,
    doubts: [],
    words: 0,
    text: null,
    bytes: 0,
  };
}

const completions: Served = {
  arrival: 10,
  chat: false,
  exchange: exchangeOf([
    [11.5, "content", 1],
    [11.6, "content", 3],
    [11.65, "content", 1],
    [11.66, "usage", 0],
  ], {
    completionTokens: 5,
    serverMetrics: {
      timeToFirstToken: 0.3,
      queueTime: 0.19,
      generationTime: 0.149,
      meanInterTokenLatency: 0.149 / 4,
      tokensPerSecond: 11,
    },
  }),
};

/** The role chunk and the first token leave the server together; the finish has no token. */
const chat: Served = {
  arrival: 10,
  chat: true,
  exchange: exchangeOf([
    [11.5, "role", 0],
    [11.501, "content", 1],
    [11.601, "content", 1],
    [11.602, "content", 0],
    [11.61, "usage", 0],
  ], { completionTokens: 2 }),
};

const all = (served: Served) =>
  Object.fromEntries(REQUEST_METRICS.map(({ id, of }) => [id, Number(of(served).toFixed(9))]));
const gaps = (id: string, served: Served) => {
  const found = GAP_METRICS.find((metric) => metric.id === id)!.of(served);
  return found === null ? null : Array.from(found, (gap) => Number(gap.toFixed(6)));
};

test("completions: every definition by hand", () => {
  expect(all(completions)).toEqual({
    queue_wait: 1,
    ttft: 1.5,
    ttft_from_send: 0.5,
    tpot: 0.0375,
    e2e: 1.65,
    e2e_from_send: 0.65,
    bench_ttft: 0.5,
    bench_e2el: 0.65,
    bench_tpot: 0.0375,
    server_ttft: 0.3,
    server_queue: 0.19,
    server_queue_and_ttft: 0.49,
    server_decode: 0.149,
    guidellm_ttft: 0.5,
    guidellm_itl: 0.0375,
    guidellm_tpot: 0.13,
    guidellm_latency: 0.661,
  });
  expect(gaps("itl", completions)).toEqual([0.033333, 0.033333, 0.033333, 0.05]);
  expect(gaps("bench_itl", completions)).toEqual([0.1, 0.05]);
});

test("chat: vLLM's benchmark counts the role chunk and the usage chunk, ours neither", () => {
  expect(all(chat)).toMatchObject({
    ttft_from_send: 0.501,
    e2e_from_send: 0.601,
    tpot: 0.1,
    bench_ttft: 0.5,
    bench_e2el: 0.61,
    bench_tpot: 0.11,
    server_ttft: NaN,
    guidellm_tpot: 0.3005,
  });
  expect(gaps("itl", chat)).toEqual([0.1]);
  expect(gaps("bench_itl", chat)).toEqual([0.001, 0.1, 0.001]);
});

describe("where a number does not exist it is NaN, and never 0", () => {
  test("one token has no time per further token", () => {
    const served = { ...completions, exchange: exchangeOf([[12, "content", 1]]) };
    expect(all(served)).toMatchObject({ ttft: 2, e2e: 2, tpot: NaN, bench_tpot: NaN });
    expect(gaps("itl", served)).toEqual([]);
  });

  test("an attempt that brought nothing has a queue wait alone", () => {
    const { queue_wait, guidellm_latency, ...rest } = all({
      ...completions,
      exchange: exchangeOf([]),
    });
    expect([queue_wait, guidellm_latency]).toEqual([1, 0.001]);
    expect(Object.values(rest)).toEqual(Array(Object.keys(rest).length).fill(NaN));
  });
});

test("without counts an event is a token only if the usage says there are as many", () => {
  const events: Events = [[12, "content", null], [13, "content", null]];
  const of = (completionTokens?: number) => ({
    ...completions,
    exchange: exchangeOf(events, { completionTokens }),
  });
  expect(gaps("itl", of(2))).toEqual([1]);
  expect(gaps("itl", of(5))).toBeNull();
  expect(gaps("itl", of())).toBeNull();
  expect(requestMetric("tpot").of(of(5))).toBe(0.25);
});

test("gaps between tokens sum to the time from first to last and average to TPOT", () => {
  const steps = fc.array(
    fc.record({ gap: fc.double({ min: 0, max: 2, noNaN: true }), k: fc.nat(6) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  fc.assert(fc.property(steps, (steps) => {
    let at = 12;
    const events = steps.map(({ gap, k }) => [at += gap, "content", k] as const);
    const exchange = exchangeOf(events);
    const served = { ...completions, exchange };
    const itl = GAP_METRICS[0].of(served)!;
    const n = outputTokensOf(exchange);
    expect(itl.length).toBe(Math.max(0, n - 1));
    const sum = itl.reduce((total, gap) => total + gap, 0);
    if (n > 0) expect(sum).toBeCloseTo(exchange.lastToken - exchange.firstToken, 5);
    if (n > 1) expect(sum / (n - 1)).toBeCloseTo(requestMetric("tpot").of(served), 5);
  }));
});

test("ids are unique, and an unknown one is an error", () => {
  const ids = [...REQUEST_METRICS, ...GAP_METRICS].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(() => requestMetric("ttfb")).toThrow("ttfb");
});
