import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { AnswerReader } from "../../../src/live/client/answer-reader.ts";
import { monotonicClock } from "../../../src/live/client/clock.ts";
import type { CompletionRequest } from "../../../src/live/client/completion-request.ts";
import { VllmClient } from "../../../src/live/client/vllm-client.ts";
import { type ScriptedServer, scriptedServer } from "../../support/scripted-server.ts";

const STREAMS = new URL("../../fixtures/streams/", import.meta.url);
const bytesOf = (name: string) => Deno.readFileSync(new URL(name, STREAMS));
const encode = (text: string) => new TextEncoder().encode(text);

/** What a stream holds, by its own text. */
interface Held {
  readonly file: string;
  /** What stands in the first event that carries anything. */
  readonly first: string;
  /** In the last one that does. */
  readonly last: string;
  readonly text: string;
  readonly finish: string;
  /** Prompt and answer tokens as the server counts them; null: it does not. */
  readonly usage: readonly [number, number] | null;
  /** Tokens of each event that carries, where the server counts as it goes. */
  readonly tokens?: readonly number[];
  /** Events that carry anything. */
  readonly carrying: number;
}

const HELD: readonly Held[] = [
  {
    file: "llama-cpp-chat.sse",
    first: '"Let"',
    last: '" you"',
    text: "Grüße you",
    finish: "stop",
    usage: [21, 6],
    carrying: 5,
  },
  {
    file: "llama-cpp-completions.sse",
    first: '" the"',
    last: '" fox"',
    text: " the quick fox",
    finish: "length",
    usage: [21, 3],
    carrying: 3,
  },
  {
    // Read and cached tokens of the prompt: 9 + 3.
    file: "llama-cpp-no-usage.sse",
    first: '" the"',
    last: '" quick"',
    text: " the quick",
    finish: "length",
    usage: [12, 2],
    carrying: 2,
  },
  {
    // The count stands beside the role, before anything is there; the content shares a token.
    file: "sglang-chat.sse",
    first: '"Hm"',
    last: '"."',
    text: " yes.",
    finish: "stop",
    usage: [12, 6],
    carrying: 4,
  },
  {
    file: "sglang-tools.sse",
    first: '"weather"',
    last: "Ulm",
    text: "",
    finish: "tool_calls",
    usage: [80, 14],
    carrying: 3,
  },
  {
    file: "tgi-chat.sse",
    first: '"One"',
    last: '" two"',
    text: "One two",
    finish: "stop",
    usage: [9, 3],
    carrying: 2,
  },
  {
    file: "tgi-completions.sse",
    first: '" four"',
    last: '" six"',
    text: " four five six",
    finish: "length",
    usage: [9, 4],
    carrying: 3,
  },
  {
    file: "tgi-generate-stream.sse",
    first: '" seven"',
    last: '" eight"',
    text: " seven eight",
    finish: "length",
    usage: [5, 2],
    carrying: 2,
  },
  {
    file: "ollama-chat.sse",
    first: '"Okay"',
    last: '"!"',
    text: "Hi!",
    finish: "stop",
    usage: [26, 5],
    carrying: 4,
  },
  {
    file: "ollama-completions.sse",
    first: '" a"',
    last: '" c"',
    text: " a b c",
    finish: "length",
    usage: [11, 3],
    carrying: 3,
  },
  {
    file: "ollama-done.sse",
    first: '"Good"',
    last: '" day"',
    text: "Good day",
    finish: "stop",
    usage: [26, 3],
    carrying: 2,
  },
  {
    file: "litellm-chat.sse",
    first: '"Think"',
    last: '" then"',
    text: "Well then",
    finish: "stop",
    usage: [33, 7],
    carrying: 3,
  },
  {
    // Half a character and the end of the sequence are tokens without text.
    file: "vllm-reasoning-chat.sse",
    first: '"So"',
    last: '"finish_reason":"stop"',
    text: "Yesé",
    finish: "stop",
    usage: [24, 8],
    tokens: [1, 2, 2, 1, 1, 1],
    carrying: 6,
  },
  {
    file: "vllm-completions-empty-text.sse",
    first: '"completion_tokens":1',
    last: '"finish_reason":"length"',
    text: "é",
    finish: "length",
    usage: [8, 3],
    tokens: [1, 1, 1],
    carrying: 3,
  },
  {
    file: "openai-chat.sse",
    first: '"Hello"',
    last: '" there"',
    text: "Hello there",
    finish: "stop",
    usage: [9, 2],
    carrying: 2,
  },
  {
    file: "openai-tools.sse",
    first: '"name":"find"',
    last: '{\\"q\\":1}',
    text: "",
    finish: "tool_calls",
    usage: [50, 9],
    carrying: 2,
  },
  {
    file: "openai-function-call.sse",
    first: '"name":"find"',
    last: '"arguments":"{}"',
    text: "",
    finish: "function_call",
    usage: [50, 4],
    carrying: 2,
  },
  {
    file: "openai-refusal.sse",
    first: '"refusal":"I"',
    last: `" won't."`,
    text: "I won't.",
    finish: "stop",
    usage: [9, 4],
    carrying: 2,
  },
  {
    file: "openai-audio.sse",
    first: '"Hey"',
    last: '"AAAA"',
    text: "",
    finish: "stop",
    usage: [9, 12],
    carrying: 2,
  },
  {
    file: "openrouter-chat.sse",
    first: '"reasoning":"I"',
    last: '" b"',
    text: "A b",
    finish: "stop",
    usage: [15, 5],
    carrying: 3,
  },
  {
    file: "mistral-parts.sse",
    first: '"Mm"',
    last: '"Oui"',
    text: "Oui!",
    finish: "stop",
    usage: [4, 3],
    carrying: 2,
  },
  {
    file: "proxy.sse",
    first: '"Guten"',
    last: '" Tag"',
    text: "Guten Tag",
    finish: "stop",
    usage: [7, 2],
    carrying: 2,
  },
  {
    file: "no-done.sse",
    first: '"Bye"',
    last: '"Bye"',
    text: "Bye",
    finish: "stop",
    usage: null,
    carrying: 1,
  },
  {
    file: "no-usage.sse",
    first: '"One"',
    last: '" two"',
    text: "One two",
    finish: "stop",
    usage: null,
    carrying: 2,
  },
];

/** A stream cut after each blank line, the last part as it is. */
function eventsOf(file: string): string[] {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOf(file));
  return text.split(/(?<=\r\n\r\n|\n\n)/).filter((part) => part !== "");
}

/** Reads parts, the i-th at i seconds. */
function read(parts: readonly Uint8Array[]) {
  const reader = new AnswerReader({ twinInstants: false });
  parts.forEach((part, i) => reader.feed(part, i));
  reader.end();
  return reader;
}

test("every stream that is kept is read here or fails below", () => {
  const kept = [...Deno.readDirSync(STREAMS)].map(({ name }) => name)
    .filter((name) => name.endsWith(".sse") && !name.endsWith("-error.sse"));
  expect(HELD.map(({ file }) => file).sort()).toEqual(kept.sort());
});

describe("the answer of another server", () => {
  test.each(HELD)("$file: first and last token, counts and text", (held) => {
    const events = eventsOf(held.file);
    const reader = read(events.map(encode));
    expect([reader.fault, reader.done]).toEqual([null, true]);
    const answer = reader.answer();
    expect(answer.firstToken).toBe(events.findIndex((event) => event.includes(held.first)));
    expect(answer.lastToken).toBe(events.findLastIndex((event) => event.includes(held.last)));
    expect([answer.text, answer.finishReason]).toEqual([held.text, held.finish]);
    const { usage } = answer;
    expect(usage && [usage.promptTokens, usage.completionTokens]).toEqual(held.usage);
    const { kinds, tokens } = answer.chunks;
    expect(kinds.filter((kind) => kind === 0)).toHaveLength(held.carrying);
    expect(tokens && [...tokens].filter((count) => count > 0)).toEqual(held.tokens ?? null);
  });

  test.each(HELD)("$file reads the same wherever it is cut", ({ file }) => {
    const bytes = bytesOf(file);
    // Instants are those of the parts: all else must not depend on them.
    const reading = (parts: readonly Uint8Array[]) => {
      const { chunks, firstToken, lastToken, ...rest } = read(parts).answer();
      const came = [firstToken, lastToken].map(Number.isNaN);
      return { ...rest, came, kinds: chunks.kinds, tokens: chunks.tokens };
    };
    const whole = reading([bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 60 }), (at) => {
        const places = [0, ...[...new Set(at)].sort((a, b) => a - b), bytes.length];
        const parts = places.slice(1).map((place, i) => bytes.subarray(places[i], place));
        expect(reading(parts)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
    expect(reading(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test.each([
    ["tgi-error.sse", "CUDA out of memory"],
    ["litellm-error.sse", "throttling_error: litellm.RateLimitError: upstream is busy"],
    ["openrouter-error.sse", "Provider disconnected unexpectedly"],
  ])("%s fails in the server's words, and keeps what came", (file, message) => {
    const reader = read([bytesOf(file)]);
    expect(reader.fault).toMatchObject({ reason: "stream-error" });
    expect(reader.fault!.message).toContain(message);
    expect(reader.answer().words).toBe(1);
  });
});

describe("rules that no single server shows:", () => {
  const chat = (delta: unknown, more = {}) => ({ choices: [{ index: 0, delta, ...more }] });
  const event = (json: unknown) => encode(`data: ${JSON.stringify(json)}\n\n`);
  const STOP = event(chat({}, { finish_reason: "stop" }));

  test.each<[string, unknown]>([
    ["a role", { role: "assistant" }],
    ["an empty text", { content: "" }],
    ["null", { content: null, reasoning_content: null, tool_calls: null }],
    ["no content at all", {}],
    ["empty parts", { content: [{ type: "text", text: "" }], reasoning_details: [] }],
    ["the id of a tool call", { tool_calls: [{ index: 0, id: "a", type: "function" }] }],
    ["empty names", { tool_calls: [{ function: { name: "", arguments: "" } }] }],
    ["the id of an audio", { audio: { id: "a", transcript: "" } }],
    ["a signature", { thinking_blocks: [{ type: "thinking", thinking: "", signature: "x" }] }],
    ["fields that nobody knows", { provider_specific_fields: { a: "b" } }],
  ])("%s is no token", (_what, delta) => {
    const answer = read([event(chat(delta)), event(chat({ content: "a" })), STOP]).answer();
    expect([answer.firstToken, answer.lastToken]).toEqual([1, 1]);
  });

  test.each<[string, unknown]>([
    ["reasoning", { reasoning: "a" }],
    ["reasoning_content", { content: "", reasoning_content: "a" }],
    ["a part of content", { content: [{ type: "text", text: "a" }] }],
    ["a text in a list", { content: ["a"] }],
    ["arguments that are an object", { tool_calls: [{ function: { arguments: { q: "a" } } }] }],
    ["a function's name", { function_call: { name: "a" } }],
    ["a refusal beside a role", { role: "assistant", content: null, refusal: "a" }],
    ["sound", { audio: { data: "AA" } }],
    ["a text beside a role", { role: "assistant", content: " " }],
  ])("%s is the first token", (_what, delta) => {
    const answer = read([event(chat({ role: "assistant" })), event(chat(delta)), STOP]).answer();
    expect([answer.firstToken, answer.lastToken]).toEqual([1, 1]);
  });

  test("an answer without anything is over when its reason is told, and has no first token", () => {
    const answer = read([event(chat({ role: "assistant", content: "" })), STOP]).answer();
    expect([answer.firstToken, answer.lastToken]).toEqual([NaN, 1]);
    expect(answer.usage).toBeNull();
  });

  test("a count of nothing beside an answer is not believed", () => {
    const zero = { usage: { prompt_tokens: 0, completion_tokens: 0 } };
    const { usage } = read([event({ ...chat({ content: "a" }), ...zero }), STOP]).answer();
    expect(usage).toBeNull();
  });

  test("counts that do not grow with the events are none of the events", () => {
    const one = { usage: { prompt_tokens: 4, completion_tokens: 1 } };
    const { usage, chunks } = read([
      ...["a", "b", "c"].map((content) => event({ ...chat({ content }), ...one })),
      STOP,
      event({ usage: { prompt_tokens: 4, completion_tokens: 3 } }),
    ]).answer();
    expect([usage!.completionTokens, chunks.tokens]).toEqual([3, null]);
  });

  test("a text on the chat endpoint and a delta on the other are taken", () => {
    const text = event({ choices: [{ text: "a", finish_reason: null }] });
    const delta = event(chat({ content: "b" }));
    expect(read([text, delta, STOP]).answer().text).toBe("ab");
  });

  test.each([
    ["vLLM's older error", { object: "error", message: "too long", code: 400 }, "too long"],
    ["a list of problems", { error: [{ loc: ["a"] }] }, "loc"],
    ["an error in the choice", { choices: [{ error: { message: "gone" } }] }, "gone"],
  ])("%s fails the attempt", (_what, json, message) => {
    expect(read([event(json)]).fault).toMatchObject({
      reason: "stream-error",
      message: expect.stringContaining(message),
    });
  });

  test("an event called error is one, whatever it holds", () => {
    for (const data of ["upstream timed out", '{"message":"upstream timed out"}']) {
      expect(read([encode(`event: error\ndata: ${data}\n\n`)]).fault)
        .toEqual({ reason: "stream-error", message: "upstream timed out" });
    }
  });

  test("an end within an event fails, even behind a finish reason", () => {
    const reader = read([event(chat({ content: "a" })), STOP, encode('data: {"usage":{"pro')]);
    expect(reader.fault).toMatchObject({ reason: "truncated" });
  });
});

describe("over HTTP, with delays, cut at any byte", () => {
  const servers: ScriptedServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  const clock = monotonicClock();
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const REQUEST: CompletionRequest = {
    id: "r",
    model: "m",
    endpoint: "chat",
    messages: [{ role: "user", content: "a" }],
    maxTokens: 9,
  };
  /** Pause before each event, ms. */
  const STEP = 60;
  /** How much later than sent an event may be read on a busy machine, s. */
  const LATE = 0.03;

  /** A server that sends the events of a file one by one, and when it sent each. */
  async function sending(file: string, type = "text/event-stream") {
    const sent: number[] = [];
    const events = eventsOf(file).map(encode);
    const server = await scriptedServer(async (_request, wire) => {
      await wire.write(
        `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`,
      );
      for (const [i, event] of events.entries()) {
        await pause(STEP);
        // In three parts, so that the last of them makes the event whole.
        const cuts = [0, (7 * i) % event.length, (11 * i + 5) % event.length].sort((a, b) => a - b);
        for (const [k, from] of cuts.entries()) {
          const part = event.subarray(from, cuts[k + 1]);
          sent[i] = clock.now();
          if (part.length > 0) await wire.chunk(part);
        }
      }
      await wire.endStream();
    });
    servers.push(server);
    return { server, sent, client: new VllmClient(server.url, clock) };
  }

  test("each stream's first token is when its first carrying event was sent", async () => {
    await Promise.all(HELD.map(async ({ file, first, last, finish }) => {
      const { client, server, sent } = await sending(file);
      const exchange = await client.complete(REQUEST);
      expect(exchange.outcome, file).toEqual({ kind: "completed" });
      expect([exchange.finishReason, server.requests.length], file).toEqual([finish, 1]);
      const events = eventsOf(file);
      const firstSent = sent[events.findIndex((event) => event.includes(first))];
      const lastSent = sent[events.findLastIndex((event) => event.includes(last))];
      for (
        const [found, was] of [[exchange.firstToken, firstSent], [exchange.lastToken, lastSent]]
      ) {
        expect(found - was, file).toBeGreaterThanOrEqual(0);
        expect(found - was, file).toBeLessThan(LATE);
      }
    }));
  });

  test("a stream that calls itself text is one", async () => {
    const { client } = await sending("proxy.sse", "text/plain");
    const exchange = await client.complete(REQUEST);
    expect(exchange).toMatchObject({ outcome: { kind: "completed" }, finishReason: "stop" });
  });

  test.each(["application/json", "text/event-stream"])(
    "a whole answer of type %s counts, and its first token is not known",
    async (type) => {
      const server = await scriptedServer(async (_request, wire) => {
        await pause(STEP);
        await wire.answer(200, new TextDecoder().decode(bytesOf("whole.json")), {
          "content-type": type,
        });
      });
      servers.push(server);
      const exchange = await new VllmClient(server.url, clock).complete(REQUEST);
      expect(exchange).toMatchObject({
        outcome: { kind: "completed" },
        firstToken: NaN,
        finishReason: "stop",
        usage: { promptTokens: 5, completionTokens: 3 },
        words: 3,
        chunks: { size: 0 },
      });
      expect(exchange.lastToken - exchange.sent).toBeGreaterThan(0.05);
      expect(exchange.lastToken).toBeLessThanOrEqual(exchange.ended);
    },
  );

  test("a whole answer that is an error fails in the server's words", async () => {
    const server = await scriptedServer((_request, wire) =>
      wire.answer(200, '{"error":{"message":"no credits","code":402}}')
    );
    servers.push(server);
    const { outcome } = await new VllmClient(server.url, clock).complete(REQUEST);
    expect(outcome).toMatchObject({
      kind: "failed",
      reason: "stream-error",
      message: "no credits",
    });
  });
});
