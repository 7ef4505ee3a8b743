import { concatenated } from "../../../src/collections/concatenated.ts";
import { type Random, uniformInt, weightedIndex } from "../../../src/random/substream.ts";

/** A part of an answer and how long the server takes until it sends it. */
export interface AnswerPart {
  /** Milliseconds after the part before. */
  readonly after: number;
  readonly bytes: Uint8Array;
}

/** How an answer ends on its connection: what follows is the next request, or nothing. */
export type AnswerEnd = "keep" | "close" | "reset" | "silence";

/** What a server does with one request. */
export interface AnswerScript {
  readonly kind: string;
  readonly parts: readonly AnswerPart[];
  readonly end: AnswerEnd;
  /**
   * What a client must make of it if all parts reach it before its limits:
   * `answer`: it is whole, with `tokens` and `words`; `failure`: it is none; `either`: bytes that are
   * wrong in some way, of which nothing is promised but that the attempt ends.
   */
  readonly means: "answer" | "failure" | "either";
  readonly tokens: number;
  readonly words: number;
  /** Bytes after which a client has all that it needs. */
  readonly enough: number;
  /** Seconds that it asks to be left alone, where it says a number. */
  readonly retryAfter: number | null;
  readonly status: number;
  /** Whether it says more than one answer, so that a client may take the rest for the next one. */
  readonly more?: true;
}

/** What an answer is made of. */
export interface AnswerOptions {
  readonly random: Random;
  readonly promptTokens: number;
  readonly tokens: number;
  readonly chat: boolean;
  /** Longest pause between two tokens, milliseconds. */
  readonly pause: number;
}

const encoder = new TextEncoder();
const bytesOf = (text: string) => encoder.encode(text);

function head(status: number, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} Said\r\n${lines}\r\n`;
}

const STREAM = head(200, {
  "content-type": "text/event-stream; charset=utf-8",
  "transfer-encoding": "chunked",
});

const chunkOf = (text: string) => `${encoder.encode(text).length.toString(16)}\r\n${text}\r\n`;
const eventOf = (json: unknown) => `data: ${JSON.stringify(json)}\n\n`;

/** The events of a stream as vLLM sends them: one a token, then the usage, then `[DONE]`. */
function eventsOf({ tokens, promptTokens, chat }: AnswerOptions): string[] {
  const usage = (count: number) => ({
    prompt_tokens: promptTokens,
    completion_tokens: count,
    total_tokens: promptTokens + count,
  });
  const common = { id: "cmpl-1", created: 1, model: "m" };
  const events = chat
    ? [eventOf({
      ...common,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }],
      usage: usage(0),
    })]
    : [];
  for (let i = 1; i <= tokens; i++) {
    const text = i === 1 ? "wörd" : ` wörd${i}`;
    const finish_reason = i === tokens ? "length" : null;
    events.push(eventOf({
      ...common,
      object: chat ? "chat.completion.chunk" : "text_completion",
      choices: [
        chat
          ? { index: 0, delta: { content: text }, finish_reason }
          : { index: 0, text, finish_reason, stop_reason: null },
      ],
      usage: usage(i),
    }));
  }
  events.push(eventOf({ ...common, object: "chunk", choices: [], usage: usage(tokens) }));
  events.push("data: [DONE]\n\n");
  return events;
}

const DONE = chunkOf("data: [DONE]\n\n");

function lengthOf(parts: readonly AnswerPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

const pauseOf = ({ random, pause }: AnswerOptions) => pause * random.next() ** 2;

function stream(options: AnswerOptions): AnswerScript {
  const events = eventsOf(options);
  const parts: AnswerPart[] = [{ after: pauseOf(options), bytes: bytesOf(STREAM) }];
  let merged = "";
  events.forEach((event, i) => {
    merged += chunkOf(event);
    if (options.random.next() < 0.3 && i < events.length - 1) return;
    parts.push({ after: pauseOf(options), bytes: bytesOf(merged) });
    merged = "";
  });
  // The line end behind a chunk says nothing more.
  const enough = lengthOf(parts) - 2;
  parts.push({ after: pauseOf(options), bytes: bytesOf("0\r\n\r\n") });
  return {
    kind: "stream",
    parts,
    end: "keep",
    means: "answer",
    tokens: options.tokens,
    words: options.tokens,
    enough,
    retryAfter: null,
    status: 200,
  };
}

function failure(
  kind: string,
  text: string,
  more: Partial<AnswerScript> = {},
): AnswerScript {
  const bytes = bytesOf(text);
  return {
    kind,
    parts: [{ after: 1, bytes }],
    end: "keep",
    means: "failure",
    tokens: 0,
    words: 0,
    enough: bytes.length,
    retryAfter: null,
    status: 0,
    ...more,
  };
}

function refusal(
  status: number,
  headers: Readonly<Record<string, string | number>> = {},
  body = JSON.stringify({ error: { message: "not now", type: "Refused", code: status } }),
): string {
  const length = encoder.encode(body).length;
  return head(status, {
    "content-type": "application/json",
    "content-length": length,
    ...headers,
  }) +
    body;
}

/** All parts of a script in one, for changes to its bytes. */
function joined({ parts }: AnswerScript): Uint8Array {
  return concatenated(parts.map(({ bytes }) => bytes));
}

/** The first `length` bytes of a script's parts. */
function cutAfter(parts: readonly AnswerPart[], length: number): AnswerPart[] {
  const kept: AnswerPart[] = [];
  let left = length;
  for (const { after, bytes } of parts) {
    if (left <= 0) break;
    kept.push({ after, bytes: bytes.subarray(0, left) });
    left -= bytes.length;
  }
  return kept;
}

function cut(options: AnswerOptions, end: AnswerEnd): AnswerScript {
  const whole = stream(options);
  const length = uniformInt(options.random, whole.enough - DONE.length);
  return {
    ...whole,
    kind: `cut, then ${end}`,
    parts: cutAfter(whole.parts, length),
    end,
    means: "failure",
    enough: length,
  };
}

/** Bytes changed, doubled, exchanged or thrown away, somewhere. */
function damaged(options: AnswerOptions): AnswerScript {
  const { random } = options;
  const whole = stream(options);
  let bytes = Array.from(joined(whole));
  for (let changes = 1 + uniformInt(random, 4); changes > 0; changes--) {
    const at = uniformInt(random, bytes.length);
    const length = 1 + uniformInt(random, 20);
    const how = uniformInt(random, 4);
    if (how === 0) bytes[at] = uniformInt(random, 256);
    if (how === 1) bytes.splice(at, length);
    if (how === 2) bytes.splice(at, 0, ...bytes.slice(at, at + length));
    if (how === 3) bytes = [...bytes.slice(0, at), 13, 10, ...bytes.slice(at)];
  }
  return {
    ...whole,
    kind: "damaged",
    more: true,
    parts: [{ after: 1, bytes: Uint8Array.from(bytes) }],
    end: (["keep", "close", "reset"] as const)[uniformInt(random, 3)],
    means: "either",
    enough: bytes.length,
  };
}

/** A stream whose events say what cannot be. */
function lying(options: AnswerOptions): AnswerScript {
  const { random } = options;
  const counts = ["3000000000", "-1", "1e300", "0", "1.5", "null", '"7"', "9007199254740993"];
  const count = counts[uniformInt(random, counts.length)];
  const events = eventsOf(options).map((event) =>
    event.replaceAll(/"completion_tokens":\d+/g, `"completion_tokens":${count}`)
  );
  const text = STREAM + events.map(chunkOf).join("") + "0\r\n\r\n";
  return { ...failure("lying", text), means: "either", status: 200 };
}

type Maker = (options: AnswerOptions) => AnswerScript;

/** What servers do that do not work as they should, and how often beside each other. */
export const FAULTS: readonly (readonly [weight: number, make: Maker])[] = [
  [3, (options) => {
    const { parts, enough, ...whole } = stream(options);
    const kept = parts.slice(0, -1);
    const last = kept.pop()!;
    const text = new TextDecoder().decode(last.bytes).replace(DONE, "");
    return {
      ...whole,
      kind: "no [DONE]",
      parts: [...kept, { ...last, bytes: bytesOf(`${text}0\r\n\r\n`) }],
      enough: enough + 2 - DONE.length + 5,
    };
  }],
  [4, (options) => {
    const body = JSON.stringify({
      id: "cmpl-1",
      object: options.chat ? "chat.completion" : "text_completion",
      choices: [
        options.chat
          ? {
            index: 0,
            message: { role: "assistant", content: "wörd ".repeat(options.tokens) },
            finish_reason: "stop",
          }
          : { index: 0, text: "wörd ".repeat(options.tokens), finish_reason: "stop" },
      ],
      usage: { prompt_tokens: options.promptTokens, completion_tokens: options.tokens },
    });
    const text = refusal(200, {}, body);
    return {
      ...failure("one JSON", text),
      means: "answer",
      tokens: options.tokens,
      words: options.tokens,
      status: 200,
    };
  }],
  [4, ({ random }) => {
    const seconds = [0, 1, 3, 0.5, 100000][uniformInt(random, 5)];
    const status = random.next() < 0.5 ? 429 : 503;
    return failure(`${status}, Retry-After`, refusal(status, { "retry-after": seconds }), {
      retryAfter: seconds,
      status,
    });
  }],
  [2, ({ random }) => {
    const dates = ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "-5"];
    const header = { "retry-after": dates[uniformInt(random, dates.length)] };
    return failure("429, Retry-After in words", refusal(429, header), { status: 429 });
  }],
  [4, ({ random }) => {
    const status = [500, 502, 503, 408, 404, 400, 401, 418][uniformInt(random, 8)];
    return failure(String(status), refusal(status), { status });
  }],
  [2, () => failure("html", refusal(200, { "content-type": "text/html" }, "<html>hello</html>"))],
  [3, (options) => {
    const whole = stream(options);
    const keep = 1 + uniformInt(options.random, whole.parts.length - 2);
    const error = chunkOf(eventOf({ error: { message: "out of memory", type: "Internal" } }));
    const parts = [
      ...whole.parts.slice(0, keep),
      { after: 1, bytes: bytesOf(`${error}${DONE}0\r\n\r\n`) },
    ];
    const enough = parts.slice(0, keep).reduce((sum, part) => sum + part.bytes.length, 0) +
      bytesOf(error).length;
    return { ...whole, kind: "error in the stream", parts, means: "failure", enough };
  }],
  [3, (options) => {
    const events = eventsOf(options);
    const kept = events.slice(0, uniformInt(options.random, events.length - 2));
    const done = options.random.next() < 0.5 ? DONE : "";
    return failure(
      "no finish reason",
      `${STREAM}${kept.map(chunkOf).join("")}${done}0\r\n\r\n`,
      { status: 200 },
    );
  }],
  [4, (options) => cut(options, "close")],
  [4, (options) => cut(options, "reset")],
  [3, (options) => cut(options, "silence")],
  [2, () => ({ ...failure("reset at once", ""), end: "reset" })],
  [2, () => ({ ...failure("closed at once", ""), end: "close" })],
  [2, () => ({ ...failure("silence at once", ""), end: "silence" })],
  [2, ({ random }) => {
    const bytes = Uint8Array.from({ length: 200 }, () => uniformInt(random, 256));
    return { ...failure("noise", ""), parts: [{ after: 1, bytes }], end: "close" };
  }],
  [6, damaged],
  [3, lying],
  [2, (options) => {
    const { parts, enough, ...whole } = stream(options);
    const early = bytesOf("HTTP/1.1 103 Early\r\nlink: x\r\n\r\n".repeat(3));
    return {
      ...whole,
      kind: "1xx before the answer",
      parts: [{ after: 1, bytes: early }, ...parts],
      enough: enough + early.length,
    };
  }],
  [2, (options) => {
    const whole = stream(options);
    const more = bytesOf(chunkOf(eventsOf(options).join("")) + "0\r\n\r\n");
    return {
      ...whole,
      kind: "more after [DONE]",
      parts: [...whole.parts.slice(0, -1), { after: 1, bytes: more }],
    };
  }],
  [2, (options) => {
    const whole = stream(options);
    return { ...whole, kind: "said twice", more: true, parts: [...whole.parts, ...whole.parts] };
  }],
  [2, ({ random }) => {
    const places = ["http://elsewhere:1/v1", "/v1/other", "http://[", "//", ""];
    const location = places[uniformInt(random, places.length)];
    const status = [301, 302, 307, 308][uniformInt(random, 4)];
    return {
      ...failure("redirect", refusal(status, { location }), { status }),
      means: "either",
    };
  }],
  [1, () => ({
    ...failure(
      "101",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ),
    end: "close",
  })],
];

/**
 * What a server does with a request.
 *
 * @param faults chance that it does not do what it should
 */
export function drawScript(options: AnswerOptions, faults: number): AnswerScript {
  const { random } = options;
  if (random.next() >= faults) return stream(options);
  return FAULTS[weightedIndex(random, FAULTS.map(([weight]) => weight))][1](options);
}
