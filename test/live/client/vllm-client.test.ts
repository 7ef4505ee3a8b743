import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { API_KEY_VARIABLES } from "../../../src/live/client/api-key.ts";
import { monotonicClock } from "../../../src/live/client/clock.ts";
import type { CompletionRequest } from "../../../src/live/client/completion-request.ts";
import { VllmClient, type VllmClientOptions } from "../../../src/live/client/vllm-client.ts";
import { type Script, type ScriptedServer, scriptedServer } from "../../support/scripted-server.ts";

const KEY = "sk-hush-4711";
const servers: ScriptedServer[] = [];
const forgetKeys = () => {
  for (const variable of API_KEY_VARIABLES) Deno.env.delete(variable);
};
beforeEach(forgetKeys);
afterEach(async () => {
  forgetKeys();
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await scriptedServer(script);
  servers.push(server);
  return server;
}

async function clientOf(script: Script, options: VllmClientOptions = {}) {
  const server = await serve(script);
  return { server, client: new VllmClient(server.url, monotonicClock(), options) };
}

const REQUEST: CompletionRequest = {
  id: "r-1",
  model: "tiny",
  endpoint: "completions",
  prompt: Int32Array.of(5, 6, 7),
  maxTokens: 2,
};
const event = (json: unknown) => `data: ${JSON.stringify(json)}\n\n`;
const token = (n: number, finish_reason: string | null = null) =>
  event({
    choices: [{ index: 0, text: ` w${n}`, finish_reason }],
    usage: { prompt_tokens: 3, completion_tokens: n },
  });
const GOOD = token(1) + token(2, "length") + "data: [DONE]\n\n";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const wholeAnswer: Script = async (_request, wire) => {
  await wire.beginStream();
  await wire.chunk(GOOD);
  await wire.endStream();
};

describe("a request that succeeds", () => {
  test("says what was asked, and its instants are in order", async () => {
    const { client, server } = await clientOf(async (_request, wire) => {
      await wire.beginStream();
      await pause(30);
      await wire.chunk(token(1));
      await pause(30);
      await wire.chunk(token(2, "length") + "data: [DONE]\n\n");
      await wire.endStream();
    }, { keepText: true });
    const firsts: number[] = [];
    const exchange = await client.complete({
      ...REQUEST,
      priority: -2,
      ignoreEos: true,
      minTokens: 2,
      seed: 7,
      temperature: 0,
      extraBody: { cache_salt: "a" },
    }, { onFirstToken: (instant) => firsts.push(instant) });
    expect(server.requests[0]).toMatchObject({ method: "POST", path: "/v1/completions" });
    expect(server.requests[0].headers).toMatchObject({
      "x-request-id": "r-1",
      "content-type": "application/json",
      "accept-encoding": "identity",
    });
    expect(server.requests[0].headers).not.toHaveProperty("authorization");
    expect(JSON.parse(server.requests[0].body)).toEqual({
      model: "tiny",
      prompt: [5, 6, 7],
      max_tokens: 2,
      min_tokens: 2,
      ignore_eos: true,
      priority: -2,
      seed: 7,
      temperature: 0,
      cache_salt: "a",
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    });
    expect(exchange).toMatchObject({
      requestId: "r-1",
      server: server.url,
      outcome: { kind: "completed" },
      status: 200,
      finishReason: "length",
      usage: { promptTokens: 3, completionTokens: 2 },
      text: " w1 w2",
      words: 2,
      bytes: new TextEncoder().encode(GOOD).length,
    });
    const { sent, headers, firstToken, lastToken, ended } = exchange;
    expect([sent, headers, firstToken, lastToken, ended]).toEqual(
      [sent, headers, firstToken, lastToken, ended].toSorted((a, b) => a - b),
    );
    expect(firstToken - headers).toBeGreaterThan(0.02);
    expect(lastToken - firstToken).toBeGreaterThan(0.02);
    expect(firsts).toEqual([firstToken]);
  });

  test("chat sends messages, and its cap under the name of today", async () => {
    const { client, server } = await clientOf(wholeAnswer);
    await client.complete({
      id: "c-1",
      model: "tiny",
      endpoint: "chat",
      messages: [{ role: "user", content: "Grüße" }],
      maxTokens: 9,
    });
    expect(server.requests[0].path).toBe("/v1/chat/completions");
    expect(JSON.parse(server.requests[0].body)).toMatchObject({
      messages: [{ role: "user", content: "Grüße" }],
      max_completion_tokens: 9,
    });
  });

  test("a second request takes the first one's connection, unless that idled too long", async () => {
    const { client, server } = await clientOf(wholeAnswer);
    for (let i = 0; i < 3; i++) {
      const { outcome } = await client.complete(REQUEST);
      expect(outcome.kind).toBe("completed");
      await pause(5);
    }
    expect(server.connections).toBe(1);
    client.close();
    await client.complete(REQUEST);
    expect(server.connections).toBe(2);
  });
});

describe("every way to fail has a name, and keeps what came", () => {
  const ERROR_400 = '{"error":{"message":"max_tokens is too large","type":"BadRequestError"}}';
  const begun = (then: Script): Script => async (request, wire) => {
    await wire.beginStream();
    await wire.chunk(token(1));
    await pause(5);
    await then(request, wire);
  };
  const cases: [string, Script, string, string][] = [
    ["closed before an answer", (_, wire) => wire.close(), "reset", "hang up"],
    ["reset before an answer", (_, wire) => wire.reset(), "reset", ""],
    ["no HTTP", (_, wire) => wire.write("SSH-2.0-OpenSSH_9\r\n\r\n"), "not-vllm", "Parse Error"],
    ["closed midway", begun((_, wire) => wire.close()), "truncated", "closed midway"],
    ["reset midway", begun((_, wire) => wire.reset()), "reset", "ECONNRESET"],
    ["broken chunk", begun((_, wire) => wire.write("zz\r\nhello\r\n")), "malformed", "Parse Error"],
    ["no [DONE]", begun((_, wire) => wire.endStream()), "truncated", "[DONE]"],
    ["bad JSON", begun((_, wire) => wire.chunk("data: {\n\n")), "malformed", "no JSON"],
    [
      "an error in the stream",
      begun((_, wire) => wire.chunk(event({ error: { message: "dead engine" } }))),
      "stream-error",
      "dead engine",
    ],
    ["400", (_, wire) => wire.answer(400, ERROR_400), "http-400", "BadRequestError: max_tokens"],
    ["401", (_, wire) => wire.answer(401, '{"error":"Unauthorized"}'), "http-401", "Unauthorized"],
    ["403", (_, wire) => wire.answer(403, ""), "http-403", "403"],
    ["404", (_, wire) => wire.answer(404, '{"detail":"Not Found"}'), "http-404", "Not Found"],
    ["500", (_, wire) => wire.answer(500, "<html>oops</html>"), "http-500", "<html>oops"],
    ["503", (_, wire) => wire.answer(503, '{"error":"scaling"}'), "http-503", "scaling"],
    ["502", (_, wire) => wire.answer(502, "bad gateway"), "http-other", "502: bad gateway"],
    [
      "an HTML page",
      (_, wire) => wire.answer(200, "<!doctype html>", { "content-type": "text/html" }),
      "not-vllm",
      "text/html",
    ],
    [
      "an answer in one piece",
      (_, wire) => wire.answer(200, '{"object":"text_completion"}'),
      "not-vllm",
      "application/json",
    ],
  ];
  test.each(cases)("%s", async (_what, script, reason, message) => {
    const { client } = await clientOf(script);
    const exchange = await client.complete(REQUEST);
    expect(exchange.outcome).toMatchObject({ kind: "failed", reason });
    expect(exchange.outcome).toHaveProperty("message", expect.stringContaining(message));
    if (exchange.status === 200 && !Number.isNaN(exchange.firstToken)) {
      expect([exchange.usage!.completionTokens, exchange.words]).toEqual([1, 1]);
    }
  });

  test("429 says when to come back, in seconds or as a date", async () => {
    const later = new Date(Date.now() + 60_000).toUTCString();
    for (const [header, least, most] of [["7", 7, 7], [later, 55, 60]] as const) {
      const { client } = await clientOf((_, wire) =>
        wire.answer(429, "{}", { "retry-after": header })
      );
      const { outcome } = await client.complete(REQUEST);
      if (outcome.kind === "completed") throw new Error("did not fail");
      expect(outcome.reason).toBe("http-429");
      expect(outcome.retryAfterSeconds).toBeGreaterThanOrEqual(least);
      expect(outcome.retryAfterSeconds).toBeLessThanOrEqual(most);
    }
  });

  test("nobody listens: refused; no such host: unreachable", async () => {
    const gone = await scriptedServer(() => {});
    await gone.stop();
    const refused = await new VllmClient(gone.url, monotonicClock()).complete(REQUEST);
    expect(refused.outcome).toMatchObject({ kind: "failed", reason: "refused" });
    expect([refused.status, refused.headers, refused.firstToken]).toEqual([null, NaN, NaN]);
    const nowhere = new VllmClient("http://no-such-host.invalid:8000", monotonicClock());
    expect((await nowhere.complete(REQUEST)).outcome).toMatchObject({ reason: "unreachable" });
  });

  test("silence: before the first event, headers or not, and between two", async () => {
    const limits = { firstByteSeconds: 0.1, betweenChunksSeconds: 0.1 };
    const silent: [Script, string][] = [
      [() => {}, "stalled-first-byte"],
      [(_, wire) => wire.beginStream(), "stalled-first-byte"],
      [begun(() => {}), "stalled-between-chunks"],
    ];
    for (const [script, reason] of silent) {
      const closed = Promise.withResolvers<void>();
      const { client } = await clientOf(async (request, wire) => {
        void wire.closed.then(() => closed.resolve());
        await script(request, wire);
      }, limits);
      expect((await client.complete(REQUEST)).outcome).toMatchObject({ reason });
      await closed.promise;
    }
  });

  test("without limits a queue is waited for", async () => {
    const { client } = await clientOf(async (request, wire) => {
      await wire.beginStream();
      await pause(400);
      await wire.chunk(GOOD);
      await wire.endStream();
      void request;
    });
    expect((await client.complete(REQUEST)).outcome).toEqual({ kind: "completed" });
  });

  test("the caller's abort closes the connection, so that the server stops too", async () => {
    const closed = Promise.withResolvers<void>();
    const { client } = await clientOf(begun((_, wire) => wire.closed.then(closed.resolve)));
    const abort = new AbortController();
    const exchange = await client.complete(REQUEST, {
      signal: abort.signal,
      onFirstToken: () => abort.abort(),
    });
    expect(exchange.outcome).toMatchObject({ kind: "failed", reason: "aborted" });
    expect(exchange.usage!.completionTokens).toBe(1);
    await closed.promise;
    const early = await client.complete(REQUEST, { signal: AbortSignal.abort() });
    expect(early.outcome).toMatchObject({ kind: "failed", reason: "aborted" });
  });
});

describe("redirects", () => {
  const redirect = (location: string, status = 307): Script => (_, wire) =>
    wire.answer(status, "", { location });

  test("within the origin one is followed, with body and key", async () => {
    Deno.env.set("VLLM_API_KEY", KEY);
    const { client, server } = await clientOf((request, wire) =>
      request.path.startsWith("/moved")
        ? wholeAnswer(request, wire)
        : redirect("/moved/v1/completions")(request, wire)
    );
    expect((await client.complete(REQUEST)).outcome).toEqual({ kind: "completed" });
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/v1/completions",
      "/moved/v1/completions",
    ]);
    expect(server.requests[1].headers.authorization).toBe(`Bearer ${KEY}`);
    expect(server.requests[1].body).toBe(server.requests[0].body);
  });

  test("another host gets nothing at all", async () => {
    Deno.env.set("VLLM_API_KEY", KEY);
    const other = await serve(wholeAnswer);
    const { client } = await clientOf(redirect(`${other.url}/v1/completions`));
    const { outcome } = await client.complete(REQUEST);
    expect(outcome).toMatchObject({ kind: "failed", reason: "redirect-refused" });
    expect(outcome).toHaveProperty("message", expect.stringContaining(other.url));
    await expect(client.get("/metrics")).rejects.toThrow("redirect-refused");
    expect([other.requests, other.connections]).toEqual([[], 0]);
  });

  test("a loop and a redirect that drops the request end at once", async () => {
    const { client, server } = await clientOf(redirect("/v1/completions"));
    expect((await client.complete(REQUEST)).outcome).toMatchObject({ reason: "redirect-refused" });
    expect(server.requests.length).toBe(2);
    const dropping = await clientOf(redirect("/v1/completions", 302));
    expect((await dropping.client.complete(REQUEST)).outcome).toMatchObject({
      reason: "redirect-refused",
    });
    expect(dropping.server.requests.length).toBe(1);
  });
});

test("what a server says reaches no terminal as a control sequence", async () => {
  const { client } = await clientOf((_request, wire) =>
    wire.answer(503, "\u001b]0;x\u0007 \u009bJ")
  );
  const { outcome } = await client.complete(REQUEST);
  expect(outcome).toMatchObject({ message: "503: \\u001b]0;x\\u0007 \\u009bJ" });
});

test("a stream without end ends", async () => {
  let open = true;
  const { client } = await clientOf(async (_request, wire) => {
    await wire.beginStream();
    for (let i = 0; i < 100 && open; i++) await wire.chunk(`: ${"x".repeat(2 ** 20)}\n\n`);
  });
  const { outcome, bytes } = await client.complete(REQUEST);
  open = false;
  expect(outcome).toMatchObject({ kind: "failed", reason: "malformed" });
  expect(bytes).toBeLessThan(34 * 2 ** 20);
});

describe("the key", () => {
  test("goes into the header and nowhere else, even if the server repeats it", async () => {
    Deno.env.set("VLLM_API_KEY", KEY);
    const { client, server } = await clientOf((_, wire) =>
      wire.answer(401, JSON.stringify({ error: `Incorrect API key: ${KEY}` }))
    );
    const exchange = await client.complete(REQUEST);
    expect(server.requests[0].headers.authorization).toBe(`Bearer ${KEY}`);
    expect(exchange.outcome).toHaveProperty("message", expect.stringContaining("[VLLM_API_KEY]"));
    const traces = [
      JSON.stringify(exchange),
      JSON.stringify(client),
      String(client),
      Deno.inspect(client, { depth: 10, showHidden: true }),
      Deno.inspect(exchange, { depth: 10 }),
    ];
    for (const trace of traces) expect(trace).not.toContain(KEY);
    await server.stop();
    const error: Error = await client.get("/metrics").catch((error) => error);
    expect(`${error.stack} ${Deno.inspect(error, { depth: 10 })}`).not.toContain(KEY);
  });

  test("comes from the variable that is named", async () => {
    Deno.env.set("VLLM_API_KEY", KEY);
    Deno.env.set("MY_CLUSTER", "other-key");
    const { client, server } = await clientOf(wholeAnswer, { apiKeyVariable: "MY_CLUSTER" });
    await client.complete(REQUEST);
    expect(server.requests[0].headers.authorization).toBe("Bearer other-key");
    Deno.env.delete("MY_CLUSTER");
    expect(() => new VllmClient(server.url, monotonicClock(), { apiKeyVariable: "MY_CLUSTER" }))
      .toThrow(/MY_CLUSTER/);
  });

  test("that no header can carry is refused without showing it", () => {
    Deno.env.set("VLLM_API_KEY", `${KEY}\nHost: evil`);
    const make = () => new VllmClient("http://localhost", monotonicClock());
    expect(make).toThrow(InputError);
    expect(make).toThrow(expect.objectContaining({ message: expect.not.stringContaining(KEY) }));
  });
});

test("a page is fetched whole; one that does not come is an error that names the server", async () => {
  const { client } = await clientOf((request, wire) =>
    request.path === "/metrics" ? wire.answer(200, "up 1\n") : wire.close()
  );
  expect(await client.get("/metrics")).toEqual({
    status: 200,
    contentType: "application/json",
    text: "up 1\n",
  });
  await expect(client.get("/v1/models")).rejects.toThrow(`${client.server}/v1/models: reset`);
});

test("a request that no server could take is refused before it is sent", async () => {
  const { client, server } = await clientOf(wholeAnswer);
  const bad: [Partial<CompletionRequest>, RegExp][] = [
    [{ maxTokens: 0 }, /request r-1, field max_tokens: got 0/],
    [{ minTokens: 3 }, /min_tokens: got 3, expected at most max_tokens, 2/],
    [{ temperature: 3 }, /temperature/],
    [{ priority: 0.5 }, /priority/],
    [{ id: "a\r\nb" }, /field id/],
    [{ prompt: [] } as Partial<CompletionRequest>, /prompt/],
    [{ extraBody: { stream: false } }, /extraBody.stream/],
  ];
  for (const [part, message] of bad) {
    await expect(client.complete({ ...REQUEST, ...part } as CompletionRequest)).rejects.toThrow(
      message,
    );
  }
  expect(server.requests).toEqual([]);
});

test("a thousand streams at once all end, each with its own tokens", async () => {
  const { client, server } = await clientOf(async (request, wire) => {
    await wire.beginStream();
    await pause(50);
    const { max_tokens } = JSON.parse(request.body);
    for (let n = 1; n < max_tokens; n++) await wire.chunk(token(n));
    await wire.chunk(token(max_tokens, "length") + "data: [DONE]\n\n");
    await wire.endStream();
  });
  const exchanges = await Promise.all(
    Array.from(
      { length: 1000 },
      (_, i) => client.complete({ ...REQUEST, id: `r-${i}`, maxTokens: 1 + i % 5 }),
    ),
  );
  expect(exchanges.map(({ outcome }) => outcome.kind)).toEqual(Array(1000).fill("completed"));
  expect(exchanges.map(({ usage }) => usage!.completionTokens)).toEqual(
    Array.from({ length: 1000 }, (_, i) => 1 + i % 5),
  );
  expect(server.connections).toBe(1000);
});
