import { connect } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Chunk, chunksOf, eventsOf, TwinClient } from "./twin-client.ts";

let twin: TwinClient;
beforeAll(async () => {
  twin = await TwinClient.start({ perRequestMetrics: true, flags: { max_model_len: 512 } });
});
afterAll(() => twin.stop());

const whole = async (body: Record<string, unknown>): Promise<Chunk> =>
  JSON.parse(await twin.answer(body));
const stream = async (body: Record<string, unknown>) =>
  chunksOf(await twin.answer({ stream: true, ...body }));
const refusal = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await twin.post(path, body, headers);
  return { status: response.status, ...await response.json() };
};

describe("what is no answer", () => {
  test("models, with the context's length", async () => {
    const { object, data } = await (await twin.get("/v1/models")).json();
    expect(object).toBe("list");
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      id: twin.twin.model,
      object: "model",
      owned_by: "vllm",
      root: twin.twin.model,
      parent: null,
      max_model_len: 512,
      permission: [{ object: "model_permission" }],
    });
  });

  test.each(["/health", "/ping"])("%s is 200 without a body", async (path) => {
    const response = await twin.get(path);
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test("version and load", async () => {
    expect((await (await twin.get("/version")).json()).version).toMatch(/^0\.30\.0/);
    expect(await (await twin.get("/load")).json()).toEqual({ server_load: 0 });
  });

  test.each(["//", "http://[", "*"])("a target that is no URL is no route: %s", async (target) => {
    const { hostname, port } = new URL(twin.twin.url);
    const connection = connect(Number(port), hostname);
    connection.write(`GET ${target} HTTP/1.1\r\nHost: twin\r\nConnection: close\r\n\r\n`);
    expect(await text(connection)).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  test("a route that is none, and a method that is none", async () => {
    const response = await twin.get("/v1/answers");
    expect(response.status).toBe(404);
    // The framework's own answer, before vLLM sees the request.
    expect(await response.json()).toEqual({ detail: "Not Found" });
    expect((await twin.get("/v1/completions")).status).toBe(405);
  });

  test("text to tokens and back, by the real tokenizer", async () => {
    const { tokens, ...rest } = await (await twin.post("/tokenize", {
      prompt: "Hello, world",
      return_token_strs: true,
    })).json();
    expect(tokens).toEqual([9707, 11, 1879]);
    expect(rest).toEqual({ count: 3, max_model_len: 512, token_strs: ["Hello", ",", "Ġworld"] });
    expect(await (await twin.post("/detokenize", { tokens })).json())
      .toEqual({ prompt: "Hello, world" });
  });

  test("a chat is tokenized under the model's template", async () => {
    const messages = [{ role: "user", content: "hi" }];
    const { tokens } = await (await twin.post("/tokenize", { messages })).json();
    const { prompt } = await (await twin.post("/detokenize", { tokens })).json();
    expect(prompt).toMatch(/^<\|im_start\|>system\n.*<\|im_start\|>user\nhi<\|im_end\|>\n/s);
    expect(prompt).toMatch(/<\|im_start\|>assistant\n$/);
  });
});

describe("errors have vLLM's shapes", () => {
  const prompt = [1, 2, 3];
  test.each([
    ["no integer", { prompt, max_tokens: "many" }, 400, "Bad Request", "body.max_tokens"],
    ["no prompt", { max_tokens: 3 }, 400, "BadRequestError", "prompt"],
    [
      "an interval of 0",
      { prompt, stream_interval: 0 },
      400,
      "Bad Request",
      "body.stream_interval",
    ],
    ["another model", { prompt, model: "gpt-2" }, 404, "NotFoundError", "model"],
    ["a hot temperature", { prompt, temperature: 2.5 }, 400, "BadRequestError", "temperature"],
    ["more than the context", { prompt, max_tokens: 510 }, 400, "BadRequestError", "input_tokens"],
    ["log probabilities", { prompt, logprobs: 1 }, 400, "BadRequestError", "logprobs"],
    [
      "a format",
      { prompt, response_format: { type: "json_object" } },
      400,
      "BadRequestError",
      "response_format",
    ],
  ])("%s", async (_what, body, status, type, param) => {
    expect(await refusal("/v1/completions", body)).toEqual({
      status,
      error: { message: expect.any(String), type, param, code: status },
    });
  });

  test("too long is said with the numbers, and nothing is clamped", async () => {
    const { error } = await refusal("/v1/completions", { prompt, max_tokens: 510 });
    expect(error.message).toMatch(/maximum context length is 512 tokens.* 510 output .* 3 input/);
    const { usage } = await whole({ max_tokens: 509, ignore_eos: true });
    expect(usage).toMatchObject({ completion_tokens: 509, total_tokens: 512 });
  });

  test("a body that is no JSON, or not said to be", async () => {
    const send = async (body: string, type: string) => {
      const headers = { "content-type": type };
      const init = { method: "POST", headers, body };
      return (await fetch(`${twin.twin.url}/v1/completions`, init)).status;
    };
    expect(await send("{", "application/json")).toBe(400);
    expect(await send('{"prompt":[1]}', "text/plain")).toBe(400);
    expect(await send('{"prompt":[1],"model":"x"}', "application/json; charset=utf-8")).toBe(404);
  });

  test("whatever is sent, it answers and lives on", async () => {
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.record({
        prompt: fc.oneof(fc.jsonValue(), fc.constant([1, 2]), fc.constant("a b")),
        max_tokens: fc.oneof(fc.jsonValue(), fc.integer(), fc.constant(2)),
        n: fc.oneof(fc.jsonValue(), fc.integer(), fc.constant(1)),
        stop: fc.jsonValue(),
        temperature: fc.oneof(fc.jsonValue(), fc.double(), fc.constant(1)),
        priority: fc.oneof(fc.jsonValue(), fc.maxSafeInteger()),
      }, { requiredKeys: [] }),
    );
    await fc.assert(
      fc.asyncProperty(
        odd,
        fc.constantFrom("/v1/completions", "/v1/chat/completions", "/tokenize"),
        async (body, path) => {
          const asked = body !== null && typeof body === "object" && !Array.isArray(body)
            ? { ...body, stream: true }
            : body;
          const response = await twin.post(path, asked);
          if (response.status !== 200) expect(response.status).toBe(400);
          await twin.drain();
          await response.text();
        },
      ),
      { numRuns: 150 },
    );
    expect((await twin.get("/health")).status).toBe(200);
  });

  test("unknown fields are ignored", async () => {
    const { usage } = await whole({ max_tokens: 2, ignore_eos: true, no_such_field: 1 });
    expect(usage?.completion_tokens).toBe(2);
  });
});

test("a key is asked for under /v1 alone, and its refusal is a string", async () => {
  const guarded = await TwinClient.start({ apiKeys: ["secret"] });
  try {
    const refused = await guarded.get("/v1/models");
    expect([refused.status, await refused.json()]).toEqual([401, { error: "Unauthorized" }]);
    expect((await guarded.get("/v1/models", { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await guarded.get("/v1/models", { authorization: "Bearer secret" })).status).toBe(200);
    expect((await guarded.get("/metrics")).status).toBe(200);
    expect((await guarded.get("/health")).status).toBe(200);
  } finally {
    await guarded.stop();
  }
});

describe("an answer in one piece", () => {
  test("has every key, nulls included", async () => {
    const reply = await whole({ max_tokens: 4, ignore_eos: true, request_id: "mine" });
    expect(reply).toEqual({
      id: "cmpl-mine",
      object: "text_completion",
      created: expect.any(Number),
      model: twin.twin.model,
      choices: [{
        index: 0,
        text: expect.stringMatching(/^ \w/),
        logprobs: null,
        finish_reason: "length",
        stop_reason: null,
        token_ids: null,
        prompt_logprobs: null,
        prompt_token_ids: null,
        routed_experts: null,
      }],
      service_tier: null,
      system_fingerprint: expect.any(String),
      usage: {
        prompt_tokens: 3,
        total_tokens: 7,
        completion_tokens: 4,
        prompt_tokens_details: null,
        completion_tokens_details: null,
      },
      kv_transfer_params: null,
      ec_transfer_params: null,
      metrics: {
        time_to_first_token_ms: expect.any(Number),
        generation_time_ms: expect.any(Number),
        queue_time_ms: expect.any(Number),
        mean_itl_ms: expect.any(Number),
        tokens_per_second: expect.any(Number),
        speculative_decoding: null,
      },
    });
  });

  test("has at most 16 tokens unless told otherwise", async () => {
    expect((await whole({ ignore_eos: true })).usage?.completion_tokens).toBe(16);
  });

  test("several prompts and answers are choices in order, their usage the sum", async () => {
    const reply = await whole({
      prompt: [[1, 2], [3, 4, 5]],
      n: 2,
      max_tokens: 3,
      ignore_eos: true,
      return_token_ids: true,
    });
    expect(reply.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(reply.choices.map(({ prompt_token_ids }) => prompt_token_ids))
      .toEqual([[1, 2], [1, 2], [3, 4, 5], [3, 4, 5]]);
    expect(reply.usage).toMatchObject({ prompt_tokens: 5, completion_tokens: 12 });
    expect(reply.metrics).toBeNull();
  });

  test("echo puts the prompt in front, truncation shortens it", async () => {
    const body = { prompt: "Hello, world", max_tokens: 2, ignore_eos: true, echo: true };
    expect((await whole(body)).choices[0].text).toMatch(/^Hello, world /);
    const { usage } = await whole({ ...body, echo: false, truncate_prompt_tokens: 2 });
    expect(usage?.prompt_tokens).toBe(2);
  });

  test.each([
    ["cut to nothing", { truncate_prompt_tokens: 0 }],
    ["cut to what an answer as long as the context leaves", {
      truncate_prompt_tokens: -1,
      max_tokens: 512,
    }],
  ])("a prompt that is %s is refused, and does not wait for ever", async (_what, fields) => {
    const answer = await twin.completion({ prompt: "Hello, world", ...fields });
    expect(answer.status).toBe(400);
    expect((await answer.json()).error.message).toContain("The decoder prompt cannot be empty");
  });

  test("a chat, as long as the context where no cap is sent", async () => {
    const body = { messages: [{ role: "user", content: "hi" }], ignore_eos: true };
    const asked = twin.post("/v1/chat/completions", body);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await twin.drain();
    const reply: Chunk = await (await asked).json();
    expect(reply.id).toMatch(/^chatcmpl-[0-9a-f]{32}$/);
    expect(reply.object).toBe("chat.completion");
    expect(reply.choices[0].message).toMatchObject({ role: "assistant" });
    expect(reply.usage?.total_tokens).toBe(512);
  });
});

describe("a stream", () => {
  test("is events of one line, ended by [DONE], its headers there before any token", async () => {
    const response = await twin.completion({ stream: true, max_tokens: 3, ignore_eos: true });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    await twin.drain();
    const text = await response.text();
    expect(text).toMatch(/^(: twin \S+\ndata: .+\n\n)+$/);
    expect(eventsOf(text).at(-1)?.data).toBe("[DONE]");
  });

  test("has no comments for those who do not ask: vLLM's benchmark drops an event after one", async () => {
    const response = await fetch(`${twin.twin.url}/v1/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ prompt: "a b", stream: true, max_tokens: 2, ignore_eos: true }),
    });
    await twin.drain();
    expect(await response.text()).toMatch(/^(data: .+\n\n){3}$/);
  });

  test("has one content chunk a token, with exactly vLLM's keys, and no usage unasked", async () => {
    const chunks = await stream({ max_tokens: 3, ignore_eos: true });
    expect(chunks).toHaveLength(3);
    for (const chunk of chunks.slice(0, -1)) {
      expect(Object.keys(chunk)).toEqual(["id", "object", "created", "model", "choices"]);
      expect(chunk.object).toBe("text_completion");
      expect(Object.keys(chunk.choices[0])).toEqual([
        "index",
        "text",
        "logprobs",
        "finish_reason",
        "stop_reason",
        "prompt_token_ids",
        "token_ids",
      ]);
    }
    expect(chunks.map(({ choices }) => choices[0].finish_reason)).toEqual([null, null, "length"]);
    expect(chunks[2]).toHaveProperty("system_fingerprint");
  });

  test("usage comes last, with no choices and the server's times", async () => {
    const chunks = await stream({
      max_tokens: 3,
      ignore_eos: true,
      stream_options: { include_usage: true },
    });
    expect(chunks).toHaveLength(4);
    expect(chunks.slice(0, 3).every((chunk) => !("usage" in chunk))).toBe(true);
    expect(chunks[3].choices).toEqual([]);
    expect(chunks[3].usage).toEqual({ prompt_tokens: 3, total_tokens: 6, completion_tokens: 3 });
    expect(chunks[3].metrics?.mean_itl_ms).toBeGreaterThan(5);
  });

  test("continuous usage counts up, and only together with the usage at the end", async () => {
    const body = { max_tokens: 3, ignore_eos: true };
    const both = { include_usage: true, continuous_usage_stats: true };
    const chunks = await stream({ ...body, stream_options: both });
    expect(chunks.map(({ usage }) => usage?.completion_tokens)).toEqual([1, 2, 3, 3]);
    const alone = await stream({ ...body, stream_options: { continuous_usage_stats: true } });
    expect(alone.some((chunk) => "usage" in chunk)).toBe(false);
  });

  test("token ids are those of the text, the prompt's in the first chunk", async () => {
    const chunks = await stream({ max_tokens: 12, ignore_eos: true, return_token_ids: true });
    expect(chunks[0].choices[0].prompt_token_ids).toEqual([1, 2, 3]);
    expect(chunks[1].choices[0].prompt_token_ids).toBeNull();
    const text = chunks.map(({ choices }) => choices[0].text).join("");
    const { tokens } = await (await twin.post("/tokenize", { prompt: text })).json();
    expect(chunks.flatMap(({ choices }) => choices[0].token_ids)).toEqual(tokens);
  });

  test("an interval merges tokens, but for the first and the last", async () => {
    const chunks = await stream({
      max_tokens: 8,
      ignore_eos: true,
      stream_interval: 3,
      return_token_ids: true,
    });
    expect(chunks.map(({ choices }) => choices[0].token_ids?.length)).toEqual([1, 3, 3, 1]);
  });

  test("a chat begins with a role chunk that holds no token, at the first token", async () => {
    const response = await twin.post("/v1/chat/completions", {
      messages: [{ role: "user", content: "hi" }],
      max_completion_tokens: 2,
      ignore_eos: true,
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    });
    await twin.drain();
    const events = eventsOf(await response.text());
    const chunks: Chunk[] = events.slice(0, -1).map(({ data }) => JSON.parse(data));
    expect(chunks.map(({ object }) => object)).toEqual(Array(4).fill("chat.completion.chunk"));
    expect(chunks[0].choices[0].delta).toEqual({ role: "assistant", content: "" });
    expect(chunks.map(({ usage }) => usage?.completion_tokens)).toEqual([0, 1, 2, 2]);
    expect(events[0].at).toBe(events[1].at);
    expect("stop_reason" in chunks[1].choices[0]).toBe(false);
    expect(chunks[2].choices[0]).toMatchObject({ finish_reason: "length", stop_reason: null });
  });

  test("a stop string ends it, cut before the string; characters are held back", async () => {
    const free = await stream({ max_tokens: 30, ignore_eos: true, request_id: "stop" });
    const said = free.map(({ choices }) => choices[0].text).join("");
    const stop = said.slice(20, 26);
    const cut = await stream({ max_tokens: 30, ignore_eos: true, request_id: "stop", stop });
    expect(cut.map(({ choices }) => choices[0].text).join("")).toBe(
      said.slice(0, said.indexOf(stop)),
    );
    expect(cut.at(-1)?.choices[0]).toMatchObject({ finish_reason: "stop", stop_reason: stop });
    const kept = await whole({
      max_tokens: 30,
      ignore_eos: true,
      request_id: "stop",
      stop,
      include_stop_str_in_output: true,
    });
    expect(kept.choices[0].text?.endsWith(stop)).toBe(true);
  });

  test("a stop token ends it, not before min_tokens", async () => {
    const body = { max_tokens: 30, ignore_eos: true, request_id: "stop", return_token_ids: true };
    const ids = (await stream(body)).flatMap(({ choices }) => choices[0].token_ids ?? []);
    const early = await stream({ ...body, stop_token_ids: [ids[2]] });
    expect(early).toHaveLength(ids.indexOf(ids[2]) + 1);
    expect(early.at(-1)?.choices[0]).toMatchObject({ finish_reason: "stop", stop_reason: ids[2] });
    const late = await stream({ ...body, stop_token_ids: [ids[2]], min_tokens: 10 });
    expect(late.length).toBeGreaterThanOrEqual(10);
  });
});

test("the id of a request is the header's, else the body's, and echoed only if asked", async () => {
  const body = { max_tokens: 1, request_id: "body", stream: true };
  const [chunk] = chunksOf(await twin.answer(body, "header"));
  expect(chunk.id).toBe("cmpl-header");
  expect((await twin.get("/health", { "x-request-id": "me" })).headers.get("x-request-id"))
    .toBeNull();
  const echoing = await TwinClient.start({ requestIdHeaders: true });
  const { headers } = await echoing.get("/health", { "x-request-id": "me" });
  expect(headers.get("x-request-id")).toBe("me");
  expect((await echoing.get("/health")).headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
  await echoing.stop();
});

test("a request's seed draws another answer, the same one each time; 64 bits are taken", async () => {
  const said = async (seed: number | null) =>
    (await whole({ max_tokens: 20, ignore_eos: true, request_id: "seeded", seed })).choices[0].text;
  const [none, one, again, wide] = [
    await said(null),
    await said(1),
    await said(1),
    await said(2 ** 60),
  ];
  expect(again).toBe(one);
  expect(new Set([none, one, wide]).size).toBe(3);
});

test("load counts open requests where it is tracked", async () => {
  const tracking = await TwinClient.start({ serverLoadTracking: true });
  const load = async () => (await (await tracking.get("/load")).json()).server_load;
  const open = await tracking.completion({ stream: true, max_tokens: 5, ignore_eos: true });
  expect(await load()).toBe(1);
  await tracking.drain();
  await open.text();
  expect(await load()).toBe(0);
  await tracking.stop();
});
