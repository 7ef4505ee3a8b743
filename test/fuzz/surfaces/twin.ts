import { type Random, uniformInt } from "../../../src/random/substream.ts";
import { type RunningTwin, startTwin } from "../../../src/twin/start-twin.ts";
import { answersOf, type HttpAnswer } from "../http-answers.ts";
import { HOSTILE, mutated, pick } from "../mutate.ts";
import type { Input, Prober, Surface } from "../surface.ts";

const encoder = new TextEncoder();

/** Statuses that the twin, or the platform for it, answers a request with that is no good. */
const STATUSES = [200, 400, 401, 404, 405, 408, 411, 413, 414, 415, 417, 421, 422, 431, 501, 505];
/** Milliseconds for which the twin may be busy with one request, and in which it is free again. */
const LONGEST = 3000;
/** Milliseconds after which a connection on which nothing comes is left alone. */
const SILENCE = 120;

const STACK = /\n\s*at \S+ \(?\S+:\d+:\d+|file:\/\/\/|\bext:/;

const GOOD: Readonly<Record<string, unknown>> = {
  model: "m",
  max_tokens: 8,
  temperature: 0.5,
  stream: false,
  n: 1,
};

const BODIES: readonly (readonly [path: string, body: Readonly<Record<string, unknown>>])[] = [
  ["/v1/completions", { ...GOOD, prompt: "Why is the sky blue?", stop: ["x"], echo: false }],
  ["/v1/completions", { ...GOOD, prompt: [1, 2, 3, 4], stream: true, stream_options: {} }],
  ["/v1/completions", { ...GOOD, prompt: ["a b", "c d"], n: 2, seed: 7, min_tokens: 2 }],
  ["/v1/chat/completions", {
    ...GOOD,
    messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hello" }],
    stream: true,
    stream_options: { include_usage: true, continuous_usage_stats: true },
  }],
  ["/v1/chat/completions", {
    ...GOOD,
    messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
    max_completion_tokens: 5,
  }],
  ["/invocations", { ...GOOD, prompt: "Hello" }],
  ["/tokenize", { prompt: "Hello world", add_special_tokens: true, return_token_strs: true }],
  ["/tokenize", { messages: [{ role: "user", content: "Hello" }] }],
  ["/detokenize", { tokens: [1, 2, 3] }],
];

/** Fields with values at and beyond every limit. */
const FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  n: [0, 1, 2, 3, 128, -1, 1e9, 16_384, "2", 1.5, null],
  prompt: ["", [], [[]], [""], [1e9], [-1], ["a", 1], null, {}, "x ".repeat(50_000), [0.5]],
  max_tokens: [0, 1, -1, 2 ** 31, 1e300, "8", null, 40_000],
  max_completion_tokens: [0, 1, 1e12, null],
  min_tokens: [0, 1e9, -5, null],
  temperature: [0, -1, 2.1, 1e300, null, "hot"],
  top_p: [0, 1, 2, null],
  top_k: [-2, 0, 1e18],
  stop: ["", [""], ["a", "b", "c", "d", "e"], "e", ["x".repeat(10_000)], [1]],
  stop_token_ids: [[1e12], [-1], "1", Array.from({ length: 2000 }, (_, i) => i)],
  stream: [true, false, null, "yes"],
  stream_options: [{}, { include_usage: true }, null, 1, { include_usage: "x" }],
  stream_interval: [0, 1, 1e9, -1],
  seed: [-1, 2 ** 63, 0, 1.5],
  priority: [-1e18, 1e18, 0],
  logprobs: [1, true, 1e9],
  truncate_prompt_tokens: [-1, 0, 1, 1e12],
  messages: [[], [{}], [{ role: "x" }], null, "hi", [{ role: "user", content: null }]],
  tokens: [[], [1e9], [-1], [1.5], "x", Array.from({ length: 5000 }, () => 9)],
  model: ["", "m", "other", null, 5],
  request_id: ["", "a\r\nb: c", "x".repeat(5000), null],
  cache_salt: ["", "s", 1, {}, null],
  response_format: [{ type: "json_object" }, {}, null],
  __proto__x: [1],
};

function bodyOf(random: Random): Input {
  const [path, good] = pick(random, BODIES);
  const body: Record<string, unknown> = { ...good };
  for (let count = uniformInt(random, 4); count > 0; count--) {
    const field = pick(random, Object.keys(FIELDS));
    body[field] = random.next() < 0.8 ? pick(random, FIELDS[field]) : pick(random, HOSTILE);
  }
  const bytes = encoder.encode(JSON.stringify(body));
  const ending = random.next() < 0.15 ? "hang up" : "json";
  return {
    kind: `${ending} ${path}`,
    bytes: random.next() < 0.4 ? mutated(bytes, random) : bytes,
  };
}

const RAW: readonly string[] = [
  "GET /health HTTP/1.1\r\nhost: t\r\n\r\n",
  "GET /metrics HTTP/1.1\r\nhost: t\r\n\r\nGET /version HTTP/1.1\r\nhost: t\r\n\r\n",
  "POST /v1/completions HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\n" +
  'content-length: 33\r\n\r\n{"prompt":"hello","max_tokens":3}',
  "POST /v1/completions HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\n" +
  'transfer-encoding: chunked\r\n\r\n21\r\n{"prompt":"hello","max_tokens":3}\r\n0\r\n\r\n',
  "POST /v1/completions HTTP/1.1\r\nhost: t\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}",
  "OPTIONS * HTTP/1.1\r\nhost: t\r\n\r\n",
  "GET http://elsewhere/health HTTP/1.0\r\n\r\n",
  "HEAD /health HTTP/1.1\r\nhost: t\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
  "PUT /v1/models HTTP/1.1\r\nhost: t\r\nx-request-id: a b\r\ncontent-length: 0\r\n\r\n",
];

/** Sends bytes over a connection of their own and gathers what comes until it is silent or closed. */
async function exchange(
  { hostname, port }: URL,
  bytes: Uint8Array,
  { hangUp, silence }: { readonly hangUp: boolean; readonly silence: number },
): Promise<{ readonly text: string; readonly closed: boolean }> {
  using connection = await Deno.connect({ hostname, port: Number(port) });
  let text = "", closed = false;
  const buffer = new Uint8Array(65_536);
  const gather = async () => {
    try {
      for (;;) {
        const count = await connection.read(buffer);
        if (count === null) break;
        for (let i = 0; i < count; i++) text += String.fromCharCode(buffer[i]);
      }
    } catch {
      // Reset by the other side, or closed by ours.
    }
    closed = true;
  };
  try {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  } catch {
    // It may be refused before it is all there.
  }
  if (hangUp) return { text, closed: true };
  const gathering = gather();
  for (let before = -1, since = performance.now(); !closed;) {
    const { answers, wrong, open } = answersOf(text);
    if (wrong !== null || answers.length > 0 && !open && text.length === before) break;
    if (text.length !== before) since = performance.now();
    else if (performance.now() - since > (open ? LONGEST : silence)) break;
    before = text.length;
    await new Promise((resolve) => setTimeout(resolve, answers.length > 0 ? 1 : 3));
  }
  void gathering;
  return { text, closed };
}

/** What is wrong with an answer, in words. */
function wrongAnswer({ status, headers, body }: HttpAnswer): string | null {
  if (!STATUSES.includes(status)) return `a status of ${status}: ${body.slice(0, 300)}`;
  if (STACK.test(body)) return `a stack in an answer: ${body.slice(0, 300)}`;
  const type = headers["content-type"] ?? "";
  if (type.startsWith("application/json")) {
    try {
      JSON.parse(new TextDecoder().decode(Uint8Array.from(body, (c) => c.charCodeAt(0))));
    } catch {
      return `an answer of JSON that is none: ${body.slice(0, 300)}`;
    }
  }
  if (!type.startsWith("text/event-stream")) return null;
  const events = body.split("\n\n").filter((event) => event !== "");
  const good = events.every((event) => event.startsWith("data: ") || event.startsWith(":"));
  if (!good) return `a stream of other things than events: ${body.slice(0, 300)}`;
  return events.at(-1) === "data: [DONE]" ? null : "a stream that ends without [DONE]";
}

const PROBE = JSON.stringify({ prompt: "Why is the sky blue?", max_tokens: 12, temperature: 0 });

async function ordinary(url: string): Promise<string> {
  const answer = await fetch(`${url}/v1/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-request-id": "ordinary" },
    body: PROBE,
  });
  const { choices, usage } = await answer.json();
  return JSON.stringify([answer.status, choices, usage]);
}

/** What of the twin is not free, by its own metrics. */
async function busy(url: string): Promise<string | null> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const found = page.split("\n").filter((line) =>
    /^vllm:(?:num_requests_running|num_requests_waiting|kv_cache_usage_perc)\b/.test(line) &&
    Number(line.split(" ").at(-1)) !== 0
  );
  return found.length === 0 ? null : found.join("; ");
}

/** The HTTP server that is driven by the simulator. */
export const twin: Surface = {
  name: "twin",
  promise:
    "each request is answered as HTTP and vLLM have it, never with 500; afterwards all slots " +
    "and blocks are free, and an ordinary request is answered as before",
  shrinks: true,
  async open(): Promise<Prober> {
    const running: RunningTwin = await startTwin({ speed: 20_000, servedModelName: "m", seed: 4 });
    const expected = await ordinary(running.url);
    const seeds = [
      ...BODIES.map(([path, body]) => ({
        kind: `json ${path}`,
        bytes: encoder.encode(JSON.stringify(body)),
      })),
      ...RAW.map((text) => ({ kind: "raw", bytes: encoder.encode(text) })),
    ];
    return {
      seeds,
      draw(random) {
        if (random.next() < 0.7) return bodyOf(random);
        const [one, other] = [pick(random, RAW), pick(random, RAW)].map((it) => encoder.encode(it));
        return { kind: "raw", bytes: mutated(one, random, other) };
      },
      async check({ kind, bytes }) {
        const url = new URL(running.url);
        const [how, path] = [kind.replace(/ \/.*$/, ""), kind.replace(/^[^/]*/, "")];
        const start = `POST ${path} HTTP/1.1\r\nhost: ${url.host}\r\n` +
          `content-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`;
        const sent = how === "raw" ? bytes : Uint8Array.from([...encoder.encode(start), ...bytes]);
        const started = performance.now();
        const { text, closed } = await exchange(url, sent, {
          hangUp: how === "hang up",
          silence: how === "raw" ? SILENCE : 2 * LONGEST,
        });
        const { answers, wrong, open } = answersOf(text);
        if (wrong !== null) return wrong;
        if (how === "json" && answers.length !== 1) return `${answers.length} answers to a request`;
        // Who asks for a head gets the length of a body, and no body.
        const head = how === "raw" && new TextDecoder().decode(bytes).includes("HEAD");
        if (open && !closed && !head) return `an answer that does not end: ${text.slice(0, 300)}`;
        for (const answer of answers) {
          const found = wrongAnswer(answer);
          if (found !== null) return found;
        }
        for (const until = started + 2 * LONGEST;;) {
          const found = await busy(running.url);
          if (found === null) break;
          if (performance.now() > until) return `the twin is not free again: ${found}`;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        const now = await ordinary(running.url);
        if (now !== expected) return `an ordinary request is answered otherwise: ${now}`;
        const took = performance.now() - started;
        return took > 2 * LONGEST ? `busy for ${Math.round(took)} ms` : null;
      },
      async close() {
        await running.stop();
      },
    };
  },
};
