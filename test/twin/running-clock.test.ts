import { expect, test } from "vitest";
import { startTwin } from "../../src/twin/start-twin.ts";
import { chunksOf, eventsOf, TwinClient } from "./twin-client.ts";

const BODY = { stream: true, ignore_eos: true };

test("scaled time passes faster, and each event says when it was", async () => {
  const client = await TwinClient.start({ clock: "running", speed: 50 });
  const before = performance.now();
  const response = await client.completion({ ...BODY, max_tokens: 200 });
  const events = eventsOf(await response.text());
  const seconds = (performance.now() - before) / 1000;
  expect(events).toHaveLength(201);
  const at = events.map((event) => event.at);
  expect(at).toEqual(at.toSorted((a, b) => a - b));
  const gap = (at[199] - at[0]) / 199;
  // What a step of one sequence takes on the L4.
  expect(gap).toBeGreaterThan(0.012);
  expect(gap).toBeLessThan(0.016);
  // 2.7 s of the twin; on a busy machine perhaps late, but never early.
  expect(seconds).toBeGreaterThan((at[199] - at[0]) / 50);
  const { lateness, requests } = await client.stop();
  expect(requests).toBe(1);
  expect(lateness.count).toBeGreaterThan(0);
  expect(lateness.p50).toBeLessThanOrEqual(lateness.p99);
  expect(lateness.p99).toBeLessThanOrEqual(lateness.max);
});

test("real time has no comments of ours, and /metrics tells how late it is", async () => {
  const client = await TwinClient.start({ clock: "running" });
  const text = await (await client.completion({ ...BODY, max_tokens: 5 })).text();
  expect(text).toMatch(/^(data: .+\n\n)+$/);
  const metrics = await (await client.get("/metrics")).text();
  expect(metrics).toMatch(/^driftsched_twin_lateness_seconds_count 5$/m);
  await client.stop();
});

test("many streams at once are served whole", async () => {
  const client = await TwinClient.start({ clock: "running", speed: 100 });
  const texts = await Promise.all(Array.from({ length: 300 }, async (_, i) => {
    return await (await client.completion({ ...BODY, max_tokens: 1 + i % 40 }, `s${i}`)).text();
  }));
  expect(texts.map((text) => chunksOf(text).length))
    .toEqual(Array.from(texts, (_, i) => 1 + i % 40));
  expect((await client.stop()).requests).toBe(300);
});

test("stopping ends open answers with the reason abort, as vLLM does", async () => {
  const client = await TwinClient.start({ clock: "running", flags: { max_num_seqs: 1 } });
  const usage = { stream_options: { include_usage: true } };
  const running = await client.completion({ ...BODY, max_tokens: 2000, ...usage });
  const waiting = await client.completion({ ...BODY, max_tokens: 2000 });
  const whole = client.completion({ max_tokens: 2000, ignore_eos: true });
  await new Promise((resolve) => setTimeout(resolve, 150));
  await client.stop();
  const events = eventsOf(await running.text()).map(({ data }) => data);
  expect(events.at(-1)).toBe("[DONE]");
  expect(JSON.parse(events.at(-3)!).choices[0].finish_reason).toBe("abort");
  expect(JSON.parse(events.at(-2)!).usage.completion_tokens).toBe(events.length - 3);
  expect(chunksOf(await waiting.text()).at(-1)?.choices[0].finish_reason).toBe("abort");
  expect((await (await whole).json()).choices[0].finish_reason).toBe("abort");
});

test("binds to loopback unless told otherwise", async () => {
  const twin = await startTwin();
  expect(new URL(twin.url).hostname).toBe("127.0.0.1");
  const port = Number(new URL(twin.url).port);
  const others = Deno.networkInterfaces()
    .filter(({ family, address }) => family === "IPv4" && address !== "127.0.0.1");
  for (const { address } of others) {
    await expect(Deno.connect({ hostname: address, port })).rejects.toThrow();
  }
  // An address that is all: loopback among them.
  const open = await startTwin({ host: "0.0.0.0" });
  const reached = await fetch(`http://127.0.0.1:${new URL(open.url).port}/health`);
  expect(reached.status).toBe(200);
  await reached.body?.cancel();
  await Promise.all([twin.stop(), open.stop()]);
});

test.each([
  [
    { server: "l4-qwen2" },
    /field server: got "?l4-qwen2"?, expected one of l4-qwen1\.5-1\.8b, l4-/,
  ],
  [{ server: "no-such.json" }, /no-such\.json: expected a file that can be read/],
  [{ port: 70_000 }, /field port: got 70000/],
  [{ speed: 0 }, /field speed/],
  [
    { flags: { max_num_batched_tokens: 10 } },
    /field max_num_batched_tokens.*at least max_num_seqs/,
  ],
  [
    { flags: { max_seqs: 3 } as never },
    /field max_seqs: got 3, expected a known name, one of max_num_seqs/,
  ],
  [
    { colour: "red" } as never,
    /field colour: got "red", expected a known name, one of server, host/,
  ],
])("options that make no server are refused: %j", async (options, message) => {
  await expect(startTwin(options)).rejects.toThrow(message);
});

test("a port that is taken is said to be", async () => {
  const twin = await startTwin();
  const port = Number(new URL(twin.url).port);
  await expect(startTwin({ port })).rejects.toThrow(/field port: got .*an address to listen on/);
  await twin.stop();
});
