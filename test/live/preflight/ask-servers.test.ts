import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { monotonicClock } from "../../../src/live/client/clock.ts";
import { VllmClient } from "../../../src/live/client/vllm-client.ts";
import { askServers } from "../../../src/live/preflight/ask-servers.ts";
import { assertFits } from "../../../src/live/preflight/assert-fits.ts";
import type { ServerFacts } from "../../../src/live/preflight/server-facts.ts";
import { warningsOf } from "../../../src/live/preflight/warnings.ts";
import { type ScriptedServer, scriptedServer } from "../../support/scripted-server.ts";

const fixture = (name: string) =>
  Deno.readTextFileSync(new URL(`../../fixtures/vllm-0.30-cpu/${name}`, import.meta.url));

/** A page as [status, body, content type]. */
type Page = readonly [number, string, string?];

/** What a real vLLM 0.30 answers. */
const VLLM: Readonly<Record<string, Page>> = {
  "/v1/models": [200, fixture("models.json")],
  "/version": [200, '{"version":"0.30.0"}'],
  "/health": [200, ""],
  "/metrics": [200, fixture("metrics/s6.txt"), "text/plain; version=0.0.4"],
};
const NOT_FOUND: Page = [404, '{"detail":"Not Found"}'];

const servers: ScriptedServer[] = [];
const forgetKeys = () => {
  for (const variable of ["VLLM_API_KEY", "OPENAI_API_KEY"]) Deno.env.delete(variable);
};
beforeEach(forgetKeys);
afterEach(async () => {
  forgetKeys();
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(pages: Readonly<Record<string, Page>>) {
  const server = await scriptedServer((request, wire) => {
    const [status, body, type = "application/json"] = pages[request.path] ?? NOT_FOUND;
    return wire.answer(status, body, { "content-type": type });
  });
  servers.push(server);
  return server;
}

async function ask(pages: Readonly<Record<string, Page>>, model?: string) {
  const client = new VllmClient((await serve(pages)).url, monotonicClock());
  const [facts] = await askServers([{ client, model }]);
  return facts;
}

const models = (...rows: Record<string, unknown>[]): Page => [
  200,
  JSON.stringify({ object: "list", data: rows }),
];

describe("a hostile server", () => {
  test("names no model with control characters, and its words are shown without them", async () => {
    const asked = ask({ ...VLLM, "/v1/models": models({ id: "a\u001b[2J" }, { id: "b" }) });
    await expect(asked).rejects.toThrow(InputError);
    await expect(asked).rejects.not.toThrow("\u001b");
  });

  test("fills no memory with a page", async () => {
    const metrics: Page = [200, "x".repeat(17 * 2 ** 20), "text/plain"];
    expect((await ask({ ...VLLM, "/metrics": metrics })).kvCache).toBeNull();
  });
});

describe("a vLLM server", () => {
  test("says its model, context, version and cache, and not its policy", async () => {
    const { url, ...facts } = await ask(VLLM);
    expect(url).toBe(servers[0].url);
    expect(facts).toEqual({
      model: "tiny",
      metricsModel: "tiny",
      contextTokens: 4096,
      version: "0.30.0",
      kvCache: { blocks: 81, blockTokens: 32, prefixCaching: false },
      policy: null,
    });
    expect(servers[0].requests.every(({ method }) => method === "GET")).toBe(true);
  });

  test("in development mode says its policy too", async () => {
    const info = JSON.stringify({
      vllm_config: { scheduler_config: { max_num_seqs: 32, policy: "priority" } },
      vllm_env: {},
    });
    const facts = await ask({ ...VLLM, "/server_info?config_format=json": [200, info] });
    expect(facts.policy).toBe("priority");
  });

  test("counts an alias under the model's first name", async () => {
    const row = (id: string, root: string) => ({ id, root, owned_by: "vllm", max_model_len: 512 });
    const pages = { ...VLLM, "/v1/models": models(row("a", "m"), row("b", "m"), row("lora", "l")) };
    expect(await ask(pages, "b")).toMatchObject({ model: "b", metricsModel: "a" });
    expect(await ask(pages, "lora")).toMatchObject({ metricsModel: "lora" });
  });

  test("without metrics and version is known by its models' owner", async () => {
    const facts = await ask({ "/v1/models": VLLM["/v1/models"], "/health": VLLM["/health"] });
    expect([facts.version, facts.kvCache, facts.contextTokens]).toEqual([null, null, 4096]);
  });
});

describe("is refused before the first request:", () => {
  test.each<[string, Readonly<Record<string, Page>>, RegExp]>([
    [
      "a web page",
      { "/v1/models": [200, "<!doctype html>", "text/html"] },
      /got "?text\/html"?, expected the answer of a vLLM server to \/v1\/models/,
    ],
    ["a page that calls itself JSON", { "/v1/models": [200, "<html>"] }, /got "?<html>/],
    ["another API", { "/v1/models": [200, '{"models":[]}'] }, /"?\{.*models.*expected the answer/],
    ["no such page", {}, /got "?status 404/],
    [
      "a server of another kind",
      { "/v1/models": models({ id: "llama3", owned_by: "library" }), "/health": [200, ""] },
      /models owned by library.*expected a vLLM server/,
    ],
    ["a dead engine", { ...VLLM, "/health": [503, ""] }, /status 503.*the engine is not running/],
    ["no key", { ...VLLM, "/v1/models": [401, fixture("error-401.json")] }, /401.*VLLM_API_KEY/],
  ])("%s", async (_what, pages, message) => {
    const asked = ask(pages);
    await expect(asked).rejects.toThrow(InputError);
    await expect(asked).rejects.toThrow(message);
  });

  test("a key that the server refuses, which is not shown", async () => {
    Deno.env.set("VLLM_API_KEY", "sk-hush-4711");
    const error: Error = await ask({ "/v1/models": [401, '{"error":"bad key sk-hush-4711"}'] })
      .then(() => null, (error) => error);
    expect(error.message).toContain("it refused the key from VLLM_API_KEY");
    expect(error.message).not.toContain("hush");
  });

  test("a model that the server does not have: those it has are listed", async () => {
    const pages = { ...VLLM, "/v1/models": models({ id: "a", owned_by: "vllm" }, { id: "b" }) };
    await expect(ask(pages, "c")).rejects.toThrow(/field model: got "?c"?, expected one of a, b/);
    await expect(ask(pages)).rejects.toThrow(/none named.*expected one of a, b/);
  });

  test("every server of a list that is no good, and one that is named twice", async () => {
    const html = await serve({ "/v1/models": [200, "<p>", "text/html"] });
    const good = await serve(VLLM);
    const gone = await scriptedServer(() => {});
    await gone.stop();
    const clients = [html, good, gone, good].map(({ url }) =>
      new VllmClient(url, monotonicClock())
    );
    const error: InputError = await askServers(clients.map((client) => ({ client })))
      .then(() => null, (error) => error);
    expect(error.problems.map(({ file }) => file)).toEqual([
      `server ${good.url}`,
      `server ${html.url}`,
      `server ${gone.url}`,
    ]);
    expect(error.message).toContain("refused");
    expect(error.message).toContain("named once");
  });
});

const FACTS: ServerFacts = {
  url: "http://a",
  model: "m",
  metricsModel: "m",
  contextTokens: 100,
  version: "0.30.0",
  kvCache: { blocks: 10, blockTokens: 16, prefixCaching: false },
  policy: "priority",
};

test("a prompt and answer over the context are refused by row; without a known context nothing", () => {
  const lengths = {
    promptTokens: Int32Array.of(50, 60, 100, 10),
    maxTokens: Int32Array.of(50, 41, 1, 5),
  };
  const check = () => assertFits([FACTS], lengths);
  expect(check).toThrow(
    'workload, row 2, field promptTokens + maxTokens: got "60 + 41", expected at most 100, the ' +
      "context of http://a\nworkload, row 3",
  );
  expect(() => assertFits([{ ...FACTS, contextTokens: null }], lengths)).not.toThrow();
});

test("what a server may not honour is said, and only that", () => {
  const warn = (facts: Partial<ServerFacts>[], priorities = true) =>
    warningsOf(facts.map((part) => ({ ...FACTS, ...part })), { priorities });
  expect(warn([{}])).toEqual([]);
  expect(warn([{ policy: "fcfs" }])).toEqual(["http://a schedules by fcfs and ignores priorities"]);
  expect(warn([{ policy: null }])).toEqual([expect.stringContaining("does not say")]);
  expect(warn([{ policy: null }], false)).toEqual([]);
  expect(warn([{ kvCache: { ...FACTS.kvCache!, prefixCaching: true } }])).toEqual([
    expect.stringContaining("caches prefixes"),
  ]);
  expect(warn([{}, { url: "http://b", model: "n", version: null }])).toEqual([
    "servers of different models: m, n",
    "servers of different versions: 0.30.0, unknown",
  ]);
});
