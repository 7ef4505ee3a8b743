import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VllmClient } from "../../../src/live/client/vllm-client.ts";
import { monotonicClock } from "../../../src/live/client/clock.ts";
import { type ScriptedServer, scriptedServer, type Wire } from "../../support/scripted-server.ts";

const STREAM =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const LAST = 'data: {"choices":[{"index":0,"text":"a","finish_reason":"length"}],' +
  '"usage":{"prompt_tokens":3,"completion_tokens":1}}\n\n';
const whole = (head: string, body: string) =>
  `HTTP/1.1 ${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const json = (body: string) => whole("200 OK\r\ncontent-type: application/json", body);

/** What a server sends, and then again and again without end; how the attempt ends. */
interface Play {
  readonly sends?: string;
  readonly forEver?: string;
  readonly closes?: boolean;
  readonly ends: string;
}

const PLAYS: Readonly<Record<string, Play>> = {
  "a Location that is no address": {
    sends: "HTTP/1.1 307 T\r\nlocation: http://[::1\r\ncontent-length: 0\r\n\r\n",
    ends: "redirect-refused",
  },
  "101 and a closed connection": {
    sends: "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    closes: true,
    ends: "not-vllm",
  },
  "101 and silence": {
    sends: "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ends: "not-vllm",
  },
  "100 without end": { forEver: "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000), ends: "not-vllm" },
  "103 without end": {
    forEver: "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n".repeat(1000),
    ends: "not-vllm",
  },
  "bytes after [DONE]": {
    sends: STREAM + chunk(LAST) + chunk("data: [DONE]\n\n"),
    forEver: chunk("x".repeat(65536)),
    ends: "completed",
  },
  "a header without end": {
    sends: "HTTP/1.1 200 OK\r\nx: ",
    forEver: "a".repeat(65536),
    ends: "not-vllm",
  },
  "headers without end": {
    sends: "HTTP/1.1 200 OK\r\n",
    forEver: "a: b\r\n".repeat(10_000),
    ends: "not-vllm",
  },
  "an extension of a chunk without end": {
    sends: `${STREAM}5;`,
    forEver: "x".repeat(65536),
    ends: "malformed",
  },
  "a trailer without end": {
    sends: `${STREAM}${chunk(": x\n\n")}0\r\n`,
    forEver: "a: b\r\n".repeat(10_000),
    ends: "malformed",
  },
  "an event without end": {
    sends: STREAM + chunk("data: "),
    forEver: chunk("x".repeat(65536)),
    ends: "malformed",
  },
  "comments without end": {
    sends: STREAM,
    forEver: chunk(": x\n\n".repeat(10_000)),
    ends: "malformed",
  },
  "gzip that is none": {
    sends: whole("200 OK\r\ncontent-encoding: gzip\r\ncontent-type: text/event-stream", "abcd"),
    ends: "not-vllm",
  },
  "status 999": { sends: whole("999 X", "hi"), ends: "http-other" },
  "status 000": { sends: whole("000 X", "hi"), ends: "http-other" },
  "no HTTP": { sends: "hello there", closes: true, ends: "not-vllm" },
  "nothing": { closes: true, ends: "reset" },
  "bytes that are no text in a header": {
    sends: whole("200 OK\r\ncontent-type: \u00ff\u0100", "hi"),
    ends: "not-vllm",
  },
  "two lengths": {
    sends: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhi",
    ends: "not-vllm",
  },
  "a length that is too long": {
    sends: "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{}",
    closes: true,
    ends: "truncated",
  },
  "JSON of other types": {
    sends: json('{"__proto__":{"a":1},"choices":[{"text":null,"finish_reason":{}}]}'),
    ends: "not-vllm",
  },
  "JSON that is deeper than the stack": { sends: json("[".repeat(200_000)), ends: "not-vllm" },
  "an event that is deeper than the stack": {
    sends: STREAM + chunk(`data: ${"[".repeat(200_000)}\n\n`),
    ends: "malformed",
  },
};

let server: ScriptedServer | undefined;
let uncaught: unknown[] = [];
const note = (event: Event) => {
  event.preventDefault();
  uncaught.push((event as ErrorEvent).error ?? (event as PromiseRejectionEvent).reason);
};

beforeEach(() => {
  uncaught = [];
  globalThis.addEventListener("error", note);
  globalThis.addEventListener("unhandledrejection", note);
});
afterEach(async () => {
  globalThis.removeEventListener("error", note);
  globalThis.removeEventListener("unhandledrejection", note);
  await server?.stop();
});

/** Writes until the other side has had enough; returns the bytes that went out. */
async function flood(wire: Wire, text: string): Promise<number> {
  let bytes = 0;
  while (!wire.socket.destroyed) {
    await Promise.race([wire.write(text), wire.closed]);
    bytes += text.length;
    await new Promise((resolve) => setTimeout(resolve));
  }
  return bytes;
}

const request = (id: string) => ({
  ...{ id, model: "m", endpoint: "completions" as const, prompt: [1, 2, 3], maxTokens: 4 },
});

/** Bytes that one hostile answer may cost: the limit of a stream, and what is under way. */
const MOST_BYTES = 256 * 2 ** 20;

describe("whatever a server sends, its attempt ends, and nothing else does", () => {
  test.each(Object.entries(PLAYS))("%s", async (_, { sends, forEver, closes, ends }) => {
    let flooded: Promise<number> = Promise.resolve(0);
    server = await scriptedServer(async (asked, wire) => {
      if (asked.headers["x-request-id"] === "good") {
        await wire.beginStream();
        await wire.chunk(`${LAST}data: [DONE]\n\n`);
        return await wire.endStream();
      }
      if (sends !== undefined) await wire.write(sends);
      if (closes) return wire.close();
      if (forEver !== undefined) await (flooded = flood(wire, forEver));
    });
    const client = new VllmClient(server.url, monotonicClock());
    const { outcome } = await client.complete(request("hostile"));
    expect(outcome.kind === "failed" ? outcome.reason : outcome.kind).toBe(ends);
    expect(await flooded).toBeLessThan(MOST_BYTES);
    const good = await client.complete(request("good"));
    expect(good.outcome.kind).toBe("completed");
    expect(uncaught).toEqual([]);
    client.close();
  }, 20_000);
});

test("a server that ends its streams well keeps its connection for the next request", async () => {
  server = await scriptedServer(async (_, wire) => {
    await wire.beginStream();
    await wire.chunk(`${LAST}data: [DONE]\n\n`);
    await wire.endStream();
  });
  const client = new VllmClient(server.url, monotonicClock());
  for (let i = 0; i < 5; i++) {
    expect((await client.complete(request(String(i)))).outcome.kind).toBe("completed");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(server.connections).toBe(1);
  client.close();
});

describe("a page that never comes", () => {
  test("is given up after its limit, and at once when the caller stops", async () => {
    server = await scriptedServer(() => {});
    const stop = new AbortController();
    const client = new VllmClient(server.url, monotonicClock(), {}, stop.signal);
    await expect(client.get("/metrics", { seconds: 0.2 })).rejects.toThrow("no answer in 0.2 s");
    const waiting = client.get("/metrics");
    setTimeout(() => stop.abort(), 50);
    await expect(waiting).rejects.toThrow("aborted");
    await expect(client.get("/health")).rejects.toThrow("aborted");
  });

  test("or drips for ever is given up, too", async () => {
    server = await scriptedServer(async (_, wire) => {
      await wire.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
      for (let i = 0; i < 100; i++) {
        await wire.write("x");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    const client = new VllmClient(server.url, monotonicClock());
    await expect(client.get("/metrics", { seconds: 0.3 })).rejects.toThrow("no answer in 0.3 s");
  });
});
