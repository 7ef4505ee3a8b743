import { expect, test } from "vitest";
import type { TwinOptionsInput } from "../../../src/twin/options.ts";
import { type Chunk, chunksOf, type Json, TwinClient } from "../twin-client.ts";

const details = (cached: number, created: number) => ({
  cached_tokens: cached,
  created_cache_tokens: created,
});

/** A twin that says what it cached. */
const start = (options: TwinOptionsInput = {}) =>
  TwinClient.start({
    promptTokensDetails: true,
    devMode: true,
    ...options,
    flags: { max_model_len: 4096, ...options.flags },
  });

/** `count` token ids from `from` on. */
const ids = (count: number, from = 1000) => Array.from({ length: count }, (_, i) => from + i);

/** The usage at the end of a stream. */
async function streamed(client: TwinClient, body: Json, id?: string) {
  const text = await client.answer({
    max_tokens: 4,
    ignore_eos: true,
    stream: true,
    stream_options: { include_usage: true },
    ...body,
  }, id);
  return chunksOf(text).at(-1)!.usage!;
}

async function metric(client: TwinClient, name: string): Promise<number> {
  const text = await (await client.get("/metrics")).text();
  const escaped = name.replace(/[{}"]/g, "\\$&");
  return Number(new RegExp(`^${escaped}(?:{[^}]*})? (.*)$`, "m").exec(text)?.[1]);
}

const reset = (client: TwinClient, query = "") =>
  client.post(`/reset_prefix_cache${query}`, undefined);

test("a prompt that begins as one before needs only the rest: full blocks, never its last token", async () => {
  const client = await start();
  const usages = [];
  for (const prompt of [ids(100), ids(100), ids(96), [...ids(50), 7, ...ids(49, 2000)], [7]]) {
    usages.push((await streamed(client, { prompt })).prompt_tokens_details);
  }
  expect(usages).toEqual([
    details(0, 96),
    details(96, 0),
    // The last block is full, but its last token is always computed.
    details(80, 16),
    details(48, 48),
    details(0, 0),
  ]);
  await client.stop();
});

test("an answer in one piece says the same, with the field that streams leave out", async () => {
  const client = await start();
  const ask = async () =>
    JSON.parse(await client.answer({ prompt: ids(40), max_tokens: 2, ignore_eos: true }));
  const none = { multimodal_tokens: null };
  expect((await ask()).usage.prompt_tokens_details).toEqual({ ...details(0, 32), ...none });
  expect((await ask()).usage.prompt_tokens_details).toEqual({ ...details(32, 0), ...none });
  await client.stop();
});

test("usage says nothing of the cache unless the server was asked to", async () => {
  const client = await start({ promptTokensDetails: false });
  await streamed(client, { prompt: ids(40) });
  expect(await streamed(client, { prompt: ids(40) }))
    .toEqual({ prompt_tokens: 40, completion_tokens: 4, total_tokens: 44 });
  const whole = JSON.parse(await client.answer({ prompt: ids(40), max_tokens: 1 }));
  expect(whole.usage.prompt_tokens_details).toBeNull();
  // It works all the same.
  expect(await metric(client, "vllm:prefix_cache_hits_total")).toBe(64);
  await client.stop();
});

test("without a cache everything is computed, and no look-up is counted", async () => {
  const client = await start({ flags: { enable_prefix_caching: false } });
  await streamed(client, { prompt: ids(40) });
  expect((await streamed(client, { prompt: ids(40) })).prompt_tokens_details)
    .toEqual(details(0, 0));
  expect(await metric(client, "vllm:prefix_cache_queries_total")).toBe(0);
  const text = await (await client.get("/metrics")).text();
  expect(text).toMatch(/^vllm:cache_config_info{.*enable_prefix_caching="False"/m);
  await client.stop();
});

test("salts keep prompts apart", async () => {
  const client = await start();
  const cached = async (cache_salt?: string | null) =>
    (await streamed(client, { prompt: ids(40), cache_salt })).prompt_tokens_details!.cached_tokens;
  expect(await cached()).toBe(0);
  expect(await cached("a")).toBe(0);
  expect(await cached("b")).toBe(0);
  expect(await cached("a")).toBe(32);
  expect(await cached(null)).toBe(32);
  for (const cache_salt of ["", 3, ["a"]]) {
    const refused = await client.completion({ cache_salt });
    expect(refused.status).toBe(400);
    expect((await refused.json()).error).toMatchObject({
      message: "Parameter 'cache_salt' must be a non-empty string if provided. " +
        "(parameter=cache_salt)",
      param: "cache_salt",
    });
  }
  await client.stop();
});

test.each([true, false])(
  "a turn that repeats an answer finds the blocks that the answer filled (asynchronous: %s)",
  async (async_scheduling) => {
    const client = await start({ flags: { async_scheduling } });
    const body = { prompt: ids(20), max_tokens: 30, ignore_eos: true, return_token_ids: true };
    const first: Chunk = JSON.parse(await client.answer(body));
    const answer = first.choices[0].token_ids!;
    expect(answer).toHaveLength(30);
    // 50 tokens, of which the last is never computed: three full blocks.
    const turn = [...ids(20), ...answer, 5, 6, 7];
    expect((await streamed(client, { prompt: turn })).prompt_tokens_details)
      .toEqual(details(48, 0));
    // Another token in the third block's place.
    const other = turn.with(40, 1);
    expect((await streamed(client, { prompt: other })).prompt_tokens_details)
      .toEqual(details(32, 16));
    await client.stop();
  },
);

test("a chat that goes on finds what was said, the server's own words among it", async () => {
  const client = await start();
  const messages = [{ role: "user", content: "Why do queues grow? ".repeat(12) }];
  const cached: number[] = [], prompts: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const response = await client.post("/v1/chat/completions", {
      messages,
      max_tokens: 40,
      ignore_eos: true,
      stream: true,
      stream_options: { include_usage: true },
    });
    await client.drain();
    const chunks = chunksOf(await response.text());
    const usage = chunks.at(-1)!.usage!;
    cached.push(usage.prompt_tokens_details!.cached_tokens);
    prompts.push(usage.prompt_tokens);
    const content = chunks.map(({ choices }) => choices[0]?.delta?.content ?? "").join("");
    messages.push({ role: "assistant", content });
    messages.push({ role: "user", content: `And then ${turn}?` });
  }
  expect(cached[0]).toBe(0);
  // All full blocks of the turn before and its answer, but for the last token.
  for (const turn of [1, 2]) {
    expect(cached[turn]).toBe(16 * Math.floor((prompts[turn - 1] + 40 - 1) / 16));
  }
  await client.stop();
}, 20_000);

test("metrics count tokens, at the first admission", async () => {
  const client = await start();
  await streamed(client, { prompt: ids(100) });
  await streamed(client, { prompt: ids(100) });
  await streamed(client, { prompt: ids(33) });
  const values = async (names: readonly string[]) => {
    const values = [];
    for (const name of names) values.push(await metric(client, name));
    return values;
  };
  expect(
    await values([
      "vllm:prefix_cache_queries_total",
      "vllm:prefix_cache_hits_total",
      "vllm:prompt_tokens_total",
      "vllm:prompt_tokens_cached_total",
      "vllm:request_prefill_kv_computed_tokens_sum",
      "vllm:iteration_tokens_total_sum",
      "vllm:kv_cache_usage_perc",
    ]),
  ).toEqual([233, 128, 233, 128, 105, 105 + 12, 0]);
  const text = await (await client.get("/metrics")).text();
  const bySource = (source: string) =>
    Number(new RegExp(`_by_source_total{.*source="${source}"} (.*)$`, "m").exec(text)![1]);
  expect(bySource("local_compute")).toBe(105);
  // A hit that leaves the last token alone counts as a whole one.
  expect(bySource("local_cache_hit")).toBe(129);
  expect(text).toMatch(/^vllm:cache_config_info{.*enable_prefix_caching="True"/m);
  await client.stop();
});

test("look-ups of those who come back after a preemption are not counted", async () => {
  const client = await start({
    flags: { num_gpu_blocks: 30, max_model_len: 400, block_size: 16 },
  });
  const asked = [];
  for (let i = 0; i < 4; i++) {
    const prompt = ids(100, 1000 * (i + 1));
    asked.push(await client.completion({ prompt, stream: true, max_tokens: 80, ignore_eos: true }));
  }
  await client.drain();
  expect(await metric(client, "vllm:num_preemptions_total")).toBeGreaterThan(0);
  expect(await metric(client, "vllm:prefix_cache_queries_total")).toBe(400);
  expect(await metric(client, "vllm:prefix_cache_hits_total")).toBe(0);
  await Promise.all(asked.map((each) => each.text()));
  await client.stop();
});

test("the cache can be emptied in development mode", async () => {
  const client = await start();
  await streamed(client, { prompt: ids(40) });
  const response = await reset(client);
  expect([response.status, await response.json()]).toEqual([200, { success: true }]);
  expect((await streamed(client, { prompt: ids(40) })).prompt_tokens_details)
    .toEqual(details(0, 32));
  // No cache outside: this one is emptied, but vLLM calls it a failure.
  expect(await (await reset(client, "?reset_external=true")).json()).toEqual({ success: false });
  expect((await streamed(client, { prompt: ids(40) })).prompt_tokens_details)
    .toEqual(details(0, 32));
  expect((await reset(client, "?reset_running_requests=perhaps")).status).toBe(400);
  expect((await client.get("/reset_prefix_cache")).status).toBe(405);
  await client.stop();
  const plain = await start({ devMode: false });
  expect((await reset(plain)).status).toBe(404);
  await plain.stop();
});

test("while requests run nothing is emptied, unless they give way", async () => {
  const client = await start();
  const body = { prompt: ids(40), max_tokens: 30, ignore_eos: true, stream: true };
  const running = await client.completion(body, "running");
  await client.advance(0.1);
  const refused = reset(client);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await client.advance(0.2);
  expect(await (await refused).json()).toEqual({ success: false });
  const done = reset(client, "?reset_running_requests=true");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await client.drain();
  expect(await (await done).json()).toEqual({ success: true });
  const events = chunksOf(await running.text());
  expect(events).toHaveLength(30);
  expect(await metric(client, "vllm:num_preemptions_total")).toBe(1);
  await client.stop();
});
