import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHUNK_KINDS, chunkInstants } from "../../../src/live/client/chunk-times.ts";
import { AnswerReader } from "../../../src/live/client/answer-reader.ts";

const fixture = (name: string) =>
  Deno.readFileSync(new URL(`../../fixtures/vllm-0.30-cpu/${name}`, import.meta.url));
const encode = (text: string) => new TextEncoder().encode(text);

interface Reading {
  readonly twinInstants?: boolean;
  readonly onFirstToken?: (instant: number) => void;
}

/** Reads `parts` at 1 s, 2 s, … */
function read(parts: readonly Uint8Array[], reading: Reading = {}) {
  const reader = new AnswerReader({ twinInstants: false, ...reading });
  parts.forEach((part, i) => reader.feed(part, i + 1));
  reader.end();
  return reader;
}

const event = (json: unknown) => `data: ${JSON.stringify(json)}\n\n`;
const token = (completion_tokens: number | null, choice: Record<string, unknown> = {}) =>
  event({
    choices: [{ index: 0, text: "", finish_reason: null, ...choice }],
    ...(completion_tokens === null ? {} : { usage: { prompt_tokens: 3, completion_tokens } }),
  });
const DONE = "data: [DONE]\n\n";

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [0, ...[...new Set(at)].sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, i) => bytes.subarray(places[i], place));
}

describe("an answer that a real server streamed", () => {
  test("completions: text, tokens one an event, usage and the server's own times", () => {
    const reader = read([fixture("completions-text.sse")]);
    const answer = reader.answer();
    expect([reader.done, reader.fault]).toEqual([true, null]);
    expect(answer.text).toBe(
      " pal首批-four Production\tName\tdescribe incrementedLanetelefonoAPEרצהComp",
    );
    expect(answer.words).toBe(5);
    expect([answer.finishReason, answer.stopReason]).toEqual(["length", null]);
    expect(answer.usage).toEqual({ promptTokens: 4, completionTokens: 12, cachedTokens: null });
    expect([...answer.chunks.tokens!]).toEqual([...Array(12).fill(1), 0]);
    expect(answer.serverMetrics!.timeToFirstToken).toBeGreaterThan(0.001);
    expect(answer.serverMetrics!.timeToFirstToken).toBeLessThan(1);
    const { generationTime, meanInterTokenLatency } = answer.serverMetrics!;
    expect(generationTime! / 11).toBeCloseTo(meanInterTokenLatency!, 9);
  });

  test("chat: the role chunk carries no token and is not the first token", () => {
    const [role, ...rest] = new TextDecoder().decode(fixture("chat.sse")).split(/(?<=\n\n)/);
    const firsts: number[] = [];
    const answer = read([role, ...rest].map(encode), {
      onFirstToken: (instant) => firsts.push(instant),
    }).answer();
    expect(Array.from(answer.chunks.kinds, (code) => CHUNK_KINDS[code])).toEqual([
      "role",
      ...Array(6).fill("content"),
      "usage",
    ]);
    expect([...answer.chunks.tokens!]).toEqual([0, 1, 1, 1, 1, 1, 1, 0]);
    expect([...chunkInstants(answer.chunks)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([answer.firstToken, answer.lastToken, firsts]).toEqual([2, 7, [2]]);
    expect(answer.usage).toMatchObject({ promptTokens: 24, completionTokens: 6 });
  });

  test.each(["completions-text.sse", "chat.sse"])(
    "%s reads the same wherever the network cuts it, in the middle of a character too",
    (name) => {
      const bytes = fixture(name);
      const { chunks: whole, ...expected } = read([bytes]).answer();
      const places = fc.array(fc.nat(bytes.length), { maxLength: 40 });
      fc.assert(fc.property(places, (at) => {
        const { chunks, ...answer } = read(cut(bytes, at)).answer();
        expect({ ...answer, firstToken: 1, lastToken: 1 }).toEqual(expected);
        expect([chunks.kinds, chunks.tokens]).toEqual([whole.kinds, whole.tokens]);
      }));
      const single = read(Array.from(bytes, (byte) => Uint8Array.of(byte))).answer();
      expect(single.text).toBe(expected.text);
    },
  );
});

describe("tokens are counted by what the server says, not by events or text", () => {
  test("merged tokens, empty texts and a running count", () => {
    const { chunks, usage } = read([
      encode(token(1) + token(4, { text: "abc" }) + token(5, { finish_reason: "stop" }) + DONE),
    ]).answer();
    expect([...chunks.tokens!]).toEqual([1, 3, 1]);
    expect(usage!.completionTokens).toBe(5);
  });

  test("token ids count where there is no running usage", () => {
    const { chunks } = read([
      encode(token(null, { token_ids: [7, 8] }) + token(null, { token_ids: [9] })),
    ]).answer();
    expect([...chunks.tokens!]).toEqual([2, 1]);
  });

  test("a server that tells neither leaves the column empty, and the final usage stands", () => {
    const { chunks, usage } = read([
      encode(
        token(null) + token(null, { finish_reason: "length" }) +
          event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 9 } }) + DONE,
      ),
    ]).answer();
    expect(chunks.tokens).toBeNull();
    expect(usage!.completionTokens).toBe(9);
  });

  test("a stop reason and cached tokens are kept", () => {
    const answer = read([
      encode(
        token(1, { finish_reason: "stop", stop_reason: 151645 }) + event({
          choices: [],
          usage: {
            prompt_tokens: 30,
            completion_tokens: 1,
            prompt_tokens_details: { cached_tokens: 16 },
          },
        }) + DONE,
      ),
    ]).answer();
    expect([answer.stopReason, answer.usage!.cachedTokens]).toEqual([151645, 16]);
  });
});

test("comments, CRLF and fields that nobody asked for are passed over", () => {
  const stream = ": ping\r\n\r\nid: 4\r\nevent: message\r\n" +
    token(1, { text: "a" }).replaceAll("\n", "\r\n") + "retry: 10\n\n: ping\n\n" +
    token(2, { text: "b", finish_reason: "length" }) + DONE;
  const reader = read([encode(stream)]);
  expect([reader.done, reader.fault, reader.answer().text]).toEqual([true, null, "ab"]);
});

test("a twin's comments give the instants of the events that follow them", () => {
  const stream = `: twin 12.345\n\n${token(1)}: twin 12.5\n${token(2)}: twin 13e0\n` +
    token(3, { finish_reason: "length" }) + `: twin 13.25\n${DONE}`;
  const reader = read([encode(stream)], { twinInstants: true });
  expect([...chunkInstants(reader.answer().chunks)]).toEqual([12.345, 12.5, 13]);
  expect([reader.answer().firstToken, reader.answer().lastToken]).toEqual([12.345, 13]);
  expect(reader.latest).toBe(13.25);
  const live = read([encode(stream)]);
  expect([...chunkInstants(live.answer().chunks)]).toEqual([1, 1, 1]);
});

describe("a stream that is no good", () => {
  const good = token(1, { text: "one two" });
  test.each([
    ["no [DONE]", good, "truncated", "the stream ended without [DONE]"],
    ["cut in an event", good + good.slice(0, 40), "truncated", "without [DONE]"],
    ["no finish reason", good + DONE, "truncated", "without a finish reason"],
    ["no JSON", good + "data: {oops\n\n" + DONE, "malformed", "{oops"],
    ["other JSON", good + event({ hello: 1 }) + DONE, "malformed", `"hello":1`],
    [
      "an error object",
      good + event({ error: { message: "boom", type: "InternalServerError", code: 500 } }) + DONE,
      "stream-error",
      "InternalServerError: boom",
    ],
    ["an error text", good + event({ error: "boom" }) + DONE, "stream-error", "boom"],
    ["the server's abort", token(1, { finish_reason: "abort" }) + DONE, "aborted", "server"],
  ])("%s", (_what, stream, reason, message) => {
    const reader = read([encode(stream)]);
    expect(reader.fault).toMatchObject({ reason });
    expect(reader.fault!.message).toContain(message);
  });

  test("keeps what came before, and nothing after", () => {
    const late = token(2, { text: " three" });
    const answer = read([encode(good + "data: {oops\n\n" + late + DONE)]).answer();
    expect([answer.words, answer.chunks.size, answer.usage!.completionTokens]).toEqual([2, 1, 1]);
  });

  test("an event without end is given up before it fills the memory", () => {
    const reader = new AnswerReader({ twinInstants: false });
    const part = encode(`data: ${"x".repeat(2 ** 20)}`);
    for (let i = 0; i < 40 && reader.fault === null; i++) reader.feed(part, i);
    expect(reader.fault?.reason).toBe("malformed");
  });
});
