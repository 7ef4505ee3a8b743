import { afterAll, beforeAll, expect, test } from "vitest";
import { TwinClient } from "./twin-client.ts";

const recorded = (name: string) =>
  Deno.readTextFile(new URL(`../fixtures/vllm-0.30-cpu/${name}`, import.meta.url));

let twin: TwinClient;
beforeAll(async () => {
  twin = await TwinClient.start({
    servedModelName: "tiny",
    perRequestMetrics: true,
    flags: { max_model_len: 4096 },
  });
});
afterAll(() => twin.stop());

/** A body without what differs between two servers: texts, instants, ids and the twin's comments. */
const outline = (body: string) =>
  body.trim().replace(/^: twin .*\n/gm, "")
    .replace(/"(text|content)":"(?:[^"\\]|\\.)*"/g, '"$1":"…"')
    .replace(/"(created|\w+_ms|tokens_per_second)":[\d.e-]+/g, '"$1":0')
    .replace(/"system_fingerprint":"[^"]*"/g, '"system_fingerprint":"…"')
    .replace(/"(chatcmpl|cmpl)-[0-9a-f]{16,}"/g, '"$1-…"')
    .replace(/"token_ids":\[([\d,]+)\]/g, (_, ids) => `"token_ids":${ids.split(",").length}`);

const USAGE = { stream_options: { include_usage: true, continuous_usage_stats: true } };

test("a stream of completions is a recorded one, byte for byte but for the text", async () => {
  const sse = await recorded("completions-text.sse");
  const answer = await twin.answer({
    prompt: [1, 2, 3, 4],
    max_tokens: 12,
    ignore_eos: true,
    stream: true,
    ...USAGE,
  }, "text-1");
  expect(outline(answer)).toBe(outline(sse));
});

test("a stream of a chat is a recorded one", async () => {
  const sse = await recorded("chat.sse");
  const response = await twin.post("/v1/chat/completions", {
    messages: [{ role: "user", content: "a b c d" }],
    max_tokens: 6,
    ignore_eos: true,
    stream: true,
    ...USAGE,
  }, { "x-request-id": "chat-1" });
  await twin.drain();
  const prompts = (text: string) => text.replace(/"(prompt|total)_tokens":\d+/g, '"$1_tokens":0');
  expect(prompts(outline(await response.text()))).toBe(prompts(outline(sse)));
});

test("errors are the recorded ones", async () => {
  const refused = async (body: object) =>
    await (await twin.post("/v1/completions", { prompt: "a b c d", ...body })).text();
  expect(await refused({ max_tokens: 4093 })).toBe((await recorded("error-400.json")).trim());
  expect(await refused({ model: "nope" })).toBe((await recorded("error-404.json")).trim());
});

test("models are listed as recorded", async () => {
  const list = (text: string) =>
    text.trim().replace(/modelperm-[0-9a-f]{16}"/, '"').replace(/"created":\d+/g, '"created":0')
      .replace(/"root":"[^"]*"/, '"root":""');
  expect(list(await (await twin.get("/v1/models")).text())).toBe(
    list(await recorded("models.json")),
  );
});

interface Recorded {
  readonly name: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly answer: string;
}

test("requests of many kinds, right and wrong, are answered as recorded", async () => {
  const all: Recorded[] = (await recorded("answers.jsonl")).trim().split("\n")
    .map((line) => JSON.parse(line));
  expect(all.length).toBeGreaterThan(50);
  // Where vLLM's validator speaks, its words are its own: place, type and status are compared.
  const said = (body: string) =>
    outline(body).replace(/"message":"\d validation errors?:.*","type"/, '"message":"…","type"');
  const running = await TwinClient.start({
    clock: "running",
    speed: 50,
    servedModelName: "tiny",
    perRequestMetrics: true,
    flags: { max_model_len: 4096 },
  });
  for (const { name, path, body, status, answer } of all) {
    const response = await running.post(path, body);
    expect({ name, status: response.status, said: said(await response.text()) })
      .toEqual({ name, status, said: said(answer) });
  }
  await running.stop();
});
