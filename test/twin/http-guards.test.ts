import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isMeant } from "../../src/twin/http/allowed-host.ts";
import { isLetIn } from "../../src/twin/http/authorization.ts";
import { MOST_BODY_BYTES } from "../../src/twin/http/read-json.ts";
import type { TwinOptionsInput } from "../../src/twin/options.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";

describe("isLetIn(authorization, keys): Bearer, one space, and the key to the letter", () => {
  test.each<[string | undefined, boolean]>([
    ["Bearer secret", true],
    ["bearer secret", true],
    ["Bearer other", true],
    [undefined, false],
    ["", false],
    ["secret", false],
    ["Bearer", false],
    ["Bearer ", false],
    ["Bearer  secret", false],
    ["Bearer secret ", false],
    ["Bearer secret x", false],
    ["Bearer secre", false],
    ["Bearer secrett", false],
    ["Bearer SECRET", false],
    ["Basic secret", false],
    ["Bearer secret\n", false],
  ])("%j: %s", (authorization, letIn) => {
    expect(isLetIn(authorization, ["secret", "other"])).toBe(letIn);
  });

  test("without keys everybody is", () => expect(isLetIn(undefined, [])).toBe(true));
});

describe("isMeant(host, names)", () => {
  test.each<[string | undefined, boolean]>([
    [undefined, true],
    ["127.0.0.1:8000", true],
    ["[::1]:8000", true],
    ["10.1.2.3", true],
    ["localhost", true],
    ["LOCALHOST.:8000", true],
    ["a.localhost:8000", true],
    ["twin:8000", true],
    ["twin.internal:8000", true],
    ["evil.example", false],
    ["evil.example:8000", false],
    ["localhost.evil.example", false],
    ["127.0.0.1.evil.example", false],
    ["evil.localhost.example", false],
  ])("%j: %s", (host, meant) => expect(isMeant(host, ["twin.internal"])).toBe(meant));
});

let twin: RunningTwin | undefined;
afterEach(async () => {
  await twin?.stop();
  twin = undefined;
});
const start = async (options: TwinOptionsInput = {}) => twin = await startTwin(options);

/** Sends raw bytes and takes what comes back until the connection ends. */
function raw(text: string, { more }: { readonly more?: string } = {}) {
  return new Promise<{ readonly answer: string; readonly sent: number }>((resolve) => {
    const socket = connect(Number(new URL(twin!.url).port), "127.0.0.1");
    let [answer, sent, over] = ["", 0, false];
    const end = () => {
      over = true;
      resolve({ answer, sent });
    };
    socket.on("data", (bytes) => answer += String(bytes));
    socket.on("close", end);
    socket.on("error", end);
    socket.write(text);
    const pump = () => {
      if (over || socket.destroyed || more === undefined) return;
      sent += more.length;
      socket.write(more, () => setTimeout(pump));
    };
    pump();
  });
}

const POST = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n";

describe("a body", () => {
  beforeEach(() => start());

  test("of another type is refused before it has come, and not taken on", async () => {
    const { answer, sent } = await raw(
      `${POST}Content-Type: text/plain\r\nContent-Length: 3000000000\r\n\r\n`,
      { more: "x".repeat(65536) },
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*Only 'application\/json' is allowed/s);
    expect(sent).toBeLessThan(8 * MOST_BODY_BYTES);
  });

  test("that says it is too long is refused unread", async () => {
    const { answer } = await raw(
      `${POST}Content-Type: application/json\r\nContent-Length: ${MOST_BODY_BYTES + 1}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*at most 8 MiB/s);
  });

  test("that becomes too long without saying so is given up", async () => {
    const chunk = `10000\r\n${"1".repeat(65536)}\r\n`;
    const { answer, sent } = await raw(
      `${POST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      { more: chunk },
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(sent).toBeLessThan(8 * MOST_BODY_BYTES);
  });
});

/** Work that is refused before any of it is done. */
const MULTIPLIED: Readonly<Record<string, readonly [body: unknown, said: RegExp]>> = {
  "n times prompts": [{ prompt: new Array(20).fill([1]), n: 16_384 }, /at most 4096 answers/],
  "n times max_tokens": [
    { prompt: [1], n: 4096, max_tokens: 2000, stream: true },
    /context length|at most \d+ tokens to a request/,
  ],
  "n times the id": [
    { prompt: [1], n: 4096, request_id: "a".repeat(5000) },
    /request_id must have at most 512/,
  ],
  "stop strings": [{ prompt: [1], stop: ["a".repeat(100_000)] }, /stop strings of at most/],
  "stop token ids": [
    { prompt: [1], stop_token_ids: new Array(100_000).fill(1) },
    /at most 8192 stop token ids/,
  ],
  "many ids": [{ prompt: new Array(600_000).fill(1) }, /at most 524288 token ids/],
  "many ids in many prompts": [
    { prompt: Array.from({ length: 1000 }, () => new Array(1000).fill(1)) },
    /at most 524288 token ids/,
  ],
  "a text that no context holds": [{ prompt: "word ".repeat(1_000_000) }, /maximum context length/],
  "one that might fit by its length": [{ prompt: "ab ".repeat(80_000) }, /maximum context length/],
  "spaces": [{ prompt: " ".repeat(1_000_000) }, /maximum context length/],
  "a text to be cut": [
    { prompt: "word ".repeat(1_000_000), truncate_prompt_tokens: 10 },
    /truncates prompts of at most/,
  ],
};

test("what fields multiply to is refused at once, while another stream goes on", async () => {
  const { url } = await start();
  const headers = { "content-type": "application/json" };
  const post = (body: unknown) =>
    fetch(`${url}/v1/completions`, { method: "POST", headers, body: JSON.stringify(body) });
  // The tokenizer takes a second to load.
  await (await post({ prompt: "hello", max_tokens: 1 })).text();
  const [gaps, stop] = [[] as number[], new AbortController()];
  const listening = (async () => {
    const { body } = await fetch(`${url}/v1/completions`, {
      ...{ method: "POST", headers, signal: stop.signal },
      body: JSON.stringify({ prompt: [1], max_tokens: 300, stream: true, ignore_eos: true }),
    });
    let last = performance.now();
    for await (const _ of body!) {
      gaps.push(performance.now() - last);
      last = performance.now();
    }
  })().catch(() => {});
  for (const [name, [body, said]] of Object.entries(MULTIPLIED)) {
    const from = performance.now();
    const answer = await post(body);
    expect([answer.status, await answer.text()], name).toEqual([400, expect.stringMatching(said)]);
    // 26 and 55 s are what such requests took; the bound leaves room for a busy machine.
    expect(performance.now() - from, name).toBeLessThan(5000);
  }
  stop.abort();
  await listening;
  expect(gaps.length).toBeGreaterThan(10);
  expect(Math.max(...gaps)).toBeLessThan(2500);
});

test("many answers to one request are given up at once when the client goes", async () => {
  const { url } = await start();
  const gone = new AbortController();
  const asked = fetch(`${url}/v1/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    signal: gone.signal,
    body: JSON.stringify({ prompt: [1], n: 4096, max_tokens: 500, stream: true }),
  }).then((answer) => answer.text()).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 500));
  gone.abort();
  await asked;
  const running = async () =>
    /vllm:num_requests_(running|waiting)\{[^}]*\} (\d+)/g[Symbol.matchAll](
      await (await fetch(`${url}/metrics`)).text(),
    ).map(([, , count]) => Number(count)).reduce((sum, count) => sum + count, 0);
  const from = performance.now();
  while (await running() > 0) {
    expect(performance.now() - from).toBeLessThan(5000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

describe("a key", () => {
  const POST_ADVANCE = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  };

  test.each(["/twin/advance", "/twin/clock", "/reset_prefix_cache", "/v1/models"])(
    "is asked for by %s, at both addresses of the twin",
    async (path) => {
      const { url, control } = await start({
        apiKeys: ["secret"],
        clock: "virtual",
        devMode: true,
      });
      const init = path === "/twin/clock" || path === "/v1/models" ? {} : POST_ADVANCE;
      for (const base of path.startsWith("/twin") ? [url, control] : [url]) {
        const refused = await fetch(base + path, init);
        expect(refused.status).toBe(401);
        await refused.body?.cancel();
        const taken = await fetch(base + path, {
          ...init,
          headers: { "content-type": "application/json", authorization: "Bearer secret" },
        });
        expect(taken.status).toBe(200);
        await taken.body?.cancel();
      }
    },
  );
});

test("a request for another name in Host is refused, and names can be allowed", async () => {
  await start({ allowedHosts: ["twin.internal"] });
  const get = (host: string) =>
    raw(`GET /version HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  expect((await get("evil.example")).answer).toMatch(/^HTTP\/1\.1 421 .*--allowed-host/s);
  expect((await get("twin.internal:8000")).answer).toMatch(/^HTTP\/1\.1 200 /);
  expect((await get("localhost")).answer).toMatch(/^HTTP\/1\.1 200 /);
});
