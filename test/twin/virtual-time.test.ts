import { describe, expect, test } from "vitest";
import type { ServerConfigInput } from "../../src/servers/continuous/config.ts";
import { serve } from "../../src/servers/continuous/serve.ts";
import { substream, uniformInt } from "../../src/random/substream.ts";
import { loadServer } from "../../src/twin/servers.ts";
import type { TwinOptionsInput } from "../../src/twin/options.ts";
import { chunksOf, eventsOf, TwinClient } from "./twin-client.ts";

/** Requests by column, as `serve()` takes them. */
function randomRequests(seed: number, size: number) {
  const random = substream(seed, "test/twin");
  let now = 0;
  const column = (draw: () => number) => Int32Array.from({ length: size }, draw);
  return {
    arrival: Float64Array.from({ length: size }, () => now += 0.12 * random.next()),
    promptTokens: column(() => 1 + uniformInt(random, 300)),
    outputTokens: column(() => 1 + uniformInt(random, 60)),
    maxTokens: column(() => 60),
    priority: column(() => uniformInt(random, 3)),
    /** Prompts are of three texts, each of one token again and again. */
    content: {
      offsets: Int32Array.from({ length: size + 1 }, (_, i) => i),
      text: column(() => uniformInt(random, 3)),
      tokens: column(() => 300),
    },
  };
}

/** Sends each request at its arrival on the twin's clock; the bodies of all answers. */
async function session(options: TwinOptionsInput, requests: ReturnType<typeof randomRequests>) {
  const client = await TwinClient.start({
    ...options,
    perRequestMetrics: true,
    promptTokensDetails: true,
    truth: (id) => ({ tokens: requests.outputTokens[Number(id)] }),
  });
  const answers: Promise<string>[] = [];
  const order: string[] = [];
  for (let i = 0; i < requests.arrival.length; i++) {
    for (let now = -1; now < requests.arrival[i];) {
      const step = await client.advance(requests.arrival[i]);
      now = step.now;
      order.push(...step.finished);
    }
    const response = await client.completion({
      prompt: Array(requests.promptTokens[i]).fill(7 + requests.content.text[i]),
      max_tokens: requests.maxTokens[i],
      priority: requests.priority[i],
      stream: true,
      stream_options: { include_usage: true },
    }, String(i));
    answers.push(response.text());
  }
  order.push(...await client.drain());
  const bodies = await Promise.all(answers);
  await client.stop();
  return { bodies, order };
}

describe("a session is the simulator's run of the same requests, instant for instant", () => {
  test.each([
    ["fcfs, asynchronous", {}],
    ["synchronous", { async_scheduling: false }],
    ["few seats and priority", { max_num_seqs: 4, scheduling_policy: "priority" as const }],
    ["chunked prefill", { max_num_batched_tokens: 256 }],
    ["preemptions", { num_gpu_blocks: 40, max_model_len: 400 }],
    ["no cache", { num_gpu_blocks: 40, max_model_len: 400, enable_prefix_caching: false }],
  ] as [string, Partial<ServerConfigInput>][])("%s", async (_what, flags) => {
    const requests = randomRequests(3, 40);
    const { bodies, order } = await session({ flags }, requests);
    const server = await loadServer("l4-qwen1.5-1.8b");
    const cost = server.cost({ max_num_seqs: 256, async_scheduling: true });
    const served = serve(requests, { ...server.flags, ...flags } as never, { cost });
    for (const [i, body] of bodies.entries()) {
      const events = eventsOf(body);
      const content = events.slice(0, -2);
      expect(content).toHaveLength(requests.outputTokens[i]);
      expect(content[0].at).toBeCloseTo(served.firstToken[i], 9);
      expect(content.at(-1)!.at).toBeCloseTo(served.finish[i], 9);
      const { metrics, usage } = JSON.parse(events.at(-2)!.data);
      expect(usage.prompt_tokens_details.cached_tokens).toBe(served.cachedTokens[i]);
      const { firstToken, finish, scheduled } = served;
      expect(metrics.time_to_first_token_ms).toBeCloseTo(1000 * (firstToken[i] - scheduled[i]), 6);
      expect(metrics.generation_time_ms).toBeCloseTo(1000 * (finish[i] - firstToken[i]), 6);
      expect(metrics.queue_time_ms).toBeGreaterThanOrEqual(0);
    }
    const hits = served.cachedTokens.reduce((sum, tokens) => sum + tokens, 0);
    expect(hits > 0).toBe(flags.enable_prefix_caching !== false);
    const byFinish = Array.from(served.finish.keys(), String)
      .sort((a, b) => served.finish[Number(a)] - served.finish[Number(b)]);
    // Those of one step end together, in the order of the server's list.
    const instants = (ids: string[]) => ids.map((id) => served.finish[Number(id)]);
    expect(instants(order)).toEqual(instants(byFinish));
  });
});

test("same seed, same bytes; another seed, another text", async () => {
  const requests = randomRequests(5, 12);
  const [one, two, other] = [
    await session({ seed: 1 }, requests),
    await session({ seed: 1 }, requests),
    await session({ seed: 2 }, requests),
  ];
  expect(two).toEqual(one);
  expect(other.bodies).not.toEqual(one.bodies);
});

test("the clock stands until it is told, and goes to the first end of a response", async () => {
  const client = await TwinClient.start();
  const clock = async () => (await client.get("/twin/clock")).json();
  expect(await clock()).toEqual({
    mode: "virtual",
    now: 0,
    speed: 0,
    control: client.twin.control,
  });
  const [long, short] = [
    await client.completion({ stream: true, max_tokens: 50, ignore_eos: true }, "long"),
    await client.completion({ stream: true, max_tokens: 3, ignore_eos: true }, "short"),
  ];
  expect((await clock()).now).toBe(0);
  const first = await client.advance(100);
  expect(first.finished).toEqual(["short"]);
  expect(first.idle).toBe(false);
  // Three tokens and [DONE]; the other came first.
  expect(first.chunks.short).toBe(4);
  expect(first.chunks.long).toBeGreaterThanOrEqual(3);
  expect((await clock()).now).toBe(first.now);
  expect(eventsOf(await short.text()).at(-1)!.at).toBe(first.now);
  const second = await client.advance(100);
  expect(second).toMatchObject({ finished: ["long"], idle: true, chunks: { long: 51 } });
  expect(chunksOf(await long.text())).toHaveLength(50);
  expect(await client.advance(100)).toEqual({ now: 100, chunks: {}, finished: [], idle: true });
  // Nothing to wait for: it stays.
  expect((await client.advance()).now).toBe(100);
  await client.stop();
});

test("only a twin in virtual time can be advanced", async () => {
  const client = await TwinClient.start({ clock: "running" });
  expect((await client.post("/twin/advance", { until: 1 })).status).toBe(501);
  expect((await (await client.get("/twin/clock")).json()).mode).toBe("real");
  await client.stop();
});

test("a client that leaves takes its request with it", async () => {
  const client = await TwinClient.start({ flags: { max_num_seqs: 1 } });
  const control = new AbortController();
  const body = { stream: true, max_tokens: 200, ignore_eos: true };
  const gone = await client.completion(body, "gone", control.signal);
  const next = await client.completion({ ...body, max_tokens: 2 }, "next");
  await client.advance(0.5);
  const metric = async (name: string) => {
    const text = await (await client.get("/metrics")).text();
    return Number(new RegExp(`^${name}{[^}]*} (.*)$`, "m").exec(text)?.[1]);
  };
  expect(await metric("vllm:num_requests_waiting")).toBe(1);
  control.abort();
  await gone.body?.cancel().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 20));
  // Who has left is not told of its end.
  const { finished, now } = await client.advance();
  expect(finished).toEqual(["next"]);
  expect(now).toBeLessThan(0.7);
  expect(chunksOf(await next.text())).toHaveLength(2);
  expect(await metric("vllm:num_requests_running")).toBe(0);
  // What its client left is booked nowhere.
  expect(await metric("vllm:e2e_request_latency_seconds_count")).toBe(1);
  await client.stop();
});

test("priority is heeded under the priority policy, in the header before the body; else ignored", async () => {
  const orderUnder = async (scheduling_policy: "fcfs" | "priority") => {
    const client = await TwinClient.start({ flags: { max_num_seqs: 1, scheduling_policy } });
    const send = (id: string, priority: number, headers = {}) =>
      client.post("/v1/completions", { prompt: [1], max_tokens: 2, stream: true, priority }, {
        "x-request-id": id,
        ...headers,
      });
    await send("first", 0);
    await client.advance(0.01);
    await send("late", 5);
    await send("urgent", -3);
    await send("by header", 9, { "x-vllm-priority": "-5" });
    await send("odd header", 1, { "x-vllm-priority": "soon" });
    const order = await client.drain();
    await client.stop();
    return order;
  };
  expect(await orderUnder("fcfs"))
    .toEqual(["first", "late", "urgent", "by header", "odd header"]);
  expect(await orderUnder("priority"))
    .toEqual(["first", "by header", "urgent", "odd header", "late"]);
});

test("the answer's length is the truth where it is told, cut by the cap, and else drawn", async () => {
  const client = await TwinClient.start({
    truth: (id) => id === "drawn" ? undefined : { tokens: 20, words: 9 },
    lengths: { model: "fraction-of-cap", meanFraction: 0.5, cv: 0.2 },
  });
  const reply = async (max_tokens: number, id: string) => {
    const { choices: [choice], usage } = JSON.parse(await client.answer({ max_tokens }, id));
    const words = choice.text.trim().split(/\s+/).length;
    return { tokens: usage.completion_tokens, words, reason: choice.finish_reason };
  };
  expect(await reply(64, "told")).toEqual({ tokens: 20, words: 9, reason: "stop" });
  expect(await reply(10, "told")).toMatchObject({ tokens: 10, reason: "length" });
  const drawn = await reply(64, "drawn");
  expect(drawn.reason).toBe("stop");
  expect(drawn.tokens).toBeGreaterThan(10);
  expect(drawn.tokens).toBeLessThan(60);
  await client.stop();
});
