import { afterEach, expect, test } from "vitest";
import { monotonicClock } from "../../../src/live/client/clock.ts";
import { VllmClient } from "../../../src/live/client/vllm-client.ts";
import type { ServerFacts } from "../../../src/live/preflight/server-facts.ts";
import { templateTokens } from "../../../src/live/preflight/template-tokens.ts";
import { templateWarnings } from "../../../src/live/preflight/template-warnings.ts";
import { type RunningTwin, startTwin } from "../../../src/twin/start-twin.ts";
import { type ScriptedServer, scriptedServer } from "../../support/scripted-server.ts";
import { handWorkload } from "../../support/workloads.ts";

const others: (ScriptedServer | RunningTwin)[] = [];
afterEach(async () => {
  for (const server of others.splice(0)) await server.stop();
});

/** A server that counts a text's words, by a rule. */
async function counting(count: (words: number) => unknown, status = 200) {
  const server = await scriptedServer((request, wire) => {
    const { messages, prompt } = JSON.parse(request.body);
    const text: string = prompt ?? messages[0].content;
    return wire.answer(status, JSON.stringify(count(text.split(" ").length)));
  });
  others.push(server);
  return { server, client: new VllmClient(server.url, monotonicClock()) };
}
const chat = { model: "m", chat: true };

test("what is beyond the words is the template's", async () => {
  const { client, server } = await counting((words) => ({ count: words + 21 }));
  expect(await templateTokens(client, chat)).toBe(21);
  expect(server.requests[0]).toMatchObject({ method: "POST", path: "/tokenize" });
  expect(JSON.parse(server.requests[0].body)).toMatchObject({ add_generation_prompt: true });
  expect(await templateTokens(client, { model: "m", chat: false })).toBe(21);
});

test("it is not known where a word is not one token, or nobody counts", async () => {
  const cases: [(words: number) => unknown, number?][] = [
    [(words) => ({ count: 2 * words })],
    [(words) => ({ tokens: words })],
    [() => ({ detail: "Not Found" }), 404],
  ];
  for (const [count, status] of cases) {
    expect(await templateTokens((await counting(count, status)).client, chat)).toBeNull();
  }
  const gone = await counting(() => ({}));
  await gone.server.stop();
  expect(await templateTokens(gone.client, chat)).toBeNull();
});

test("a twin tells the tokens of Qwen's template", async () => {
  const twin = await startTwin({ clock: "virtual" });
  others.push(twin);
  const client = new VllmClient(twin.url, monotonicClock());
  const asked = { model: twin.model, messages: [{ role: "user", content: "the" }] };
  const { text } = await client.post("/tokenize", { ...asked, add_generation_prompt: true });
  expect(await templateTokens(client, { model: twin.model, chat: true }))
    .toBe(JSON.parse(text).count - 1);
  client.close();
});

test("what cannot be kept of the prompts' lengths is said", () => {
  const facts = (url: string) => ({ url }) as ServerFacts;
  const { requests } = handWorkload({ arrival: [0, 1, 2], promptTokens: [5, 21, 22] });
  expect(templateWarnings([facts("http://a")], requests, [0])).toEqual([]);
  expect(templateWarnings([facts("http://a"), facts("http://b")], requests, [21, null])).toEqual([
    "2 of 3 prompts are not longer than the 21 tokens that http://a adds to each: they are sent with " +
    "one word, as 22 tokens",
    expect.stringContaining("http://b does not say how many tokens it makes of a text"),
  ]);
});
