import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { faultPlan } from "../../../src/twin/faults/fault-plan.ts";
import { FaultSpecs, type FaultSpecsInput } from "../../../src/twin/faults/fault-spec.ts";
import { chunksOf, eventsOf, TwinClient } from "../twin-client.ts";

/** What a client saw of one request. */
interface Seen {
  readonly status: number | null;
  readonly headers: Headers | null;
  /** What came of the body before it ended or broke. */
  readonly body: string;
  /** Whether headers or body broke off. */
  readonly broke: boolean;
}

const BODY = { stream: true, max_tokens: 5, ignore_eos: true };

async function read(response: Response): Promise<Seen> {
  const { status, headers } = response;
  let body = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body!) body += decoder.decode(chunk, { stream: true });
    return { status, headers, body, broke: false };
  } catch {
    return { status, headers, body, broke: true };
  }
}

async function ask(client: TwinClient, id: string, body = BODY): Promise<Seen> {
  let response: Response;
  try {
    response = await client.completion(body, id);
  } catch {
    return { status: null, headers: null, body: "", broke: true };
  }
  const seen = read(response);
  await client.drain();
  return await seen;
}

/** Asks a twin with `faults` twice: the first is struck, the second is not. */
async function struckAndNot(faults: FaultSpecsInput): Promise<[Seen, Seen]> {
  const client = await TwinClient.start({ faults });
  try {
    return [await ask(client, "struck"), await ask(client, "spared")];
  } finally {
    await client.stop();
  }
}

const events = ({ body }: Seen) => eventsOf(body).map(({ data }) => data);
function expectWhole(seen: Seen): void {
  expect(seen).toMatchObject({ status: 200, broke: false });
  expect(events(seen)).toHaveLength(6);
  expect(events(seen).at(-1)).toBe("[DONE]");
}

test("reset before the headers", async () => {
  const client = await TwinClient.start({ faults: [{ kind: "reset-before-headers", nth: 1 }] });
  // A browser's client would try again by itself: the socket tells.
  const { hostname, port } = new URL(client.twin.url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const body = JSON.stringify({ prompt: [1], ...BODY });
  await connection.write(new TextEncoder().encode(
    `POST /v1/completions HTTP/1.1\r\nHost: twin\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  ));
  await expect(connection.read(new Uint8Array(64))).rejects.toThrow(Deno.errors.ConnectionReset);
  connection.close();
  expectWhole(await ask(client, "spared"));
  await client.stop();
});

test("reset in the midst of the stream, after the events asked for", async () => {
  const [struck, spared] = await struckAndNot([
    { kind: "reset-mid-stream", nth: 1, afterEvents: 2 },
  ]);
  expect(struck).toMatchObject({ status: 200, broke: true });
  expect(events(struck)).toHaveLength(2);
  expectWhole(spared);
});

test.each([400, 401, 404, 429, 500, 503] as const)("status %i", async (status) => {
  const faults: FaultSpecsInput = [{ kind: "status", nth: 1, status, retryAfter: 7 }];
  const [struck, spared] = await struckAndNot(faults);
  expect(struck.status).toBe(status);
  expect(struck.headers?.get("retry-after")).toBe("7");
  const { error } = JSON.parse(struck.body);
  if (status === 401) expect(error).toBe("Unauthorized");
  else expect(error).toMatchObject({ code: status, message: expect.any(String), param: null });
  expectWhole(spared);
});

test("a page of HTML", async () => {
  const [struck, spared] = await struckAndNot([{ kind: "html", nth: 1 }]);
  expect(struck.status).toBe(200);
  expect(struck.headers?.get("content-type")).toMatch(/^text\/html/);
  expect(struck.body).toMatch(/^<!DOCTYPE html>/);
  expectWhole(spared);
});

test("an event cut in its middle, the body ended properly", async () => {
  const [struck, spared] = await struckAndNot([
    { kind: "truncated-event", nth: 1, afterEvents: 3 },
  ]);
  expect(struck).toMatchObject({ status: 200, broke: false });
  expect(events(struck)).toHaveLength(3);
  expect(struck.body).toMatch(/\ndata: \{[^\n]+$/);
  expectWhole(spared);
});

test("[DONE] missing", async () => {
  const [struck, spared] = await struckAndNot([{ kind: "missing-done", nth: 1 }]);
  expect(struck.broke).toBe(false);
  expect(chunksOf(struck.body).at(-1)?.choices[0].finish_reason).toBe("length");
  expect(events(struck)).not.toContain("[DONE]");
  expectWhole(spared);
});

test("wrong JSON in one event, the rest as it should be", async () => {
  const [struck, spared] = await struckAndNot([{ kind: "wrong-json", nth: 1, afterEvents: 2 }]);
  const all = events(struck);
  expect(all).toHaveLength(6);
  expect(() => JSON.parse(all[2])).toThrow();
  for (const place of [0, 1, 3, 4]) expect(() => JSON.parse(all[place])).not.toThrow();
  expectWhole(spared);
});

test("an error object in the stream, status 200, then [DONE]", async () => {
  const [struck, spared] = await struckAndNot([{ kind: "stream-error", nth: 1, afterEvents: 2 }]);
  const all = events(struck);
  expect(struck.status).toBe(200);
  expect(all).toHaveLength(4);
  expect(JSON.parse(all[2]).error).toMatchObject({ type: "InternalServerError", code: 500 });
  expect(all[3]).toBe("[DONE]");
  expectWhole(spared);
});

test.each([
  ["before the first byte", { kind: "stall-first-byte", nth: 1, seconds: 3 } as const, 0],
  ["between chunks", { kind: "stall-mid-stream", nth: 1, afterEvents: 2, seconds: 3 } as const, 2],
])("a stall %s: late by its seconds, and whole", async (_what, fault, before) => {
  const [struck, spared] = await struckAndNot([fault]);
  expectWhole(struck);
  const at = eventsOf(struck.body).map((event) => event.at);
  for (const instant of at.slice(0, before)) expect(instant).toBeLessThan(1);
  const rest = at.slice(before);
  expect(new Set(rest).size).toBe(1);
  expect(rest[0]).toBeGreaterThanOrEqual(3);
  expectWhole(spared);
});

test("slow headers: they come when their seconds have passed, and only then is it admitted", async () => {
  const client = await TwinClient.start({
    faults: [{ kind: "slow-headers", nth: 1, seconds: 2 }],
  });
  let came = false;
  const asked = client.completion(BODY, "slow").then((response) => {
    came = true;
    return response;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await client.advance(1.9)).now).toBe(1.9);
  expect(came).toBe(false);
  await client.advance(2);
  const response = await asked;
  await client.drain();
  expect(eventsOf(await response.text())[0].at).toBeGreaterThan(2);
  await client.stop();
});

test("the listener down for a while: refused, while open streams go on", async () => {
  const client = await TwinClient.start({ faults: [{ kind: "refuse", at: 0.03, seconds: 5 }] });
  const open = await client.completion({ ...BODY, max_tokens: 20 }, "open");
  await client.advance(0.04);
  const { hostname, port } = new URL(client.twin.url);
  await expect(Deno.connect({ hostname, port: Number(port) }))
    .rejects.toThrow(Deno.errors.ConnectionRefused);
  expect((await client.advance(4.9)).finished).toEqual(["open"]);
  expect(eventsOf(await open.text())).toHaveLength(21);
  await client.advance(6);
  expectWhole(await ask(client, "after"));
  await client.stop();
});

test("a restart in mid-run: all open requests die, state and counters are lost", async () => {
  const client = await TwinClient.start({ faults: [{ kind: "restart", at: 0.2, seconds: 1 }] });
  const generated = async () =>
    Number(
      /^vllm:generation_tokens_total{[^}]*} (.*)$/m
        .exec(await (await client.get("/metrics")).text())?.[1],
    );
  await client.completion(BODY, "before").then((response) => response.body?.cancel());
  const responses = [
    await client.completion({ ...BODY, max_tokens: 200 }, "a"),
    await client.completion({ ...BODY, max_tokens: 200 }, "b"),
  ];
  await client.advance(0.1);
  expect(await generated()).toBeGreaterThan(5);
  const seen = Promise.all(responses.map(read));
  for (let now = 0; now < 1.5;) now = (await client.advance(1.5)).now;
  for (const { broke, body } of await seen) {
    expect(broke).toBe(true);
    expect(events({ body } as Seen)).not.toContain("[DONE]");
  }
  expect(await generated()).toBe(0);
  const text = await (await client.get("/metrics")).text();
  expect(text).toMatch(/^process_start_time_seconds 1700000000\.2$/m);
  expectWhole(await ask(client, "after"));
  await client.stop();
});

test("an answer in one piece is struck too", async () => {
  const client = await TwinClient.start({
    faults: [{ kind: "stream-error", nth: 1 }, { kind: "truncated-event", nth: 2 }],
  });
  const body = { max_tokens: 5 };
  expect(JSON.parse(await client.answer(body)).error.code).toBe(500);
  const cut = await client.answer(body);
  expect(() => JSON.parse(cut)).toThrow();
  await client.stop();
});

test("a share strikes by seed, request and attempt, whatever the order", () => {
  const faults = FaultSpecs.parse([{ kind: "missing-done", share: 0.2 }]);
  const ids = Array.from({ length: 500 }, (_, i) => `r${i}`);
  const struck = (seed: number, order: readonly string[]) => {
    const plan = faultPlan(faults, seed);
    return new Set(order.filter((id) => plan.next(id, 0) !== null));
  };
  const one = struck(1, ids);
  expect(one.size).toBeGreaterThan(70);
  expect(one.size).toBeLessThan(130);
  expect(struck(1, ids.toReversed())).toEqual(one);
  expect(struck(2, ids)).not.toEqual(one);
  const plan = faultPlan(faults, 1);
  const [first] = one;
  const attempts = Array.from({ length: 20 }, () => plan.next(first, 0) !== null);
  expect(attempts[0]).toBe(true);
  expect(attempts).toContain(false);
});

test("the n-th request, or the first after an instant, is struck once", () => {
  const plan = faultPlan(
    FaultSpecs.parse([{ kind: "missing-done", nth: [2, 4] }, { kind: "html", at: 5 }]),
    1,
  );
  const kinds = [0, 1, 2, 5, 6].map((now) => plan.next(null, now)?.kind ?? null);
  expect(kinds).toEqual([null, "missing-done", null, "missing-done", "html"]);
  expect(plan.next(null, 7)).toBeNull();
});

test.each([
  [{ kind: "flood", nth: 1 }, /kind/],
  [{ kind: "html" }, /exactly one of share, nth and at/],
  [{ kind: "html", nth: 1, share: 0.5 }, /exactly one of share, nth and at/],
  [{ kind: "status", nth: 1, status: 418 }, /status/],
  [{ kind: "refuse", nth: 1, seconds: 0 }, /seconds/],
])("a fault that is none is refused: %j", async (fault, message) => {
  const start = TwinClient.start({ faults: [fault] as never });
  await expect(start).rejects.toThrow(InputError);
  await expect(start).rejects.toThrow(message);
});
