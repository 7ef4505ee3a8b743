import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { monotonicClock } from "../../../src/live/client/clock.ts";
import { VllmClient } from "../../../src/live/client/vllm-client.ts";
import { startTelemetry } from "../../../src/live/telemetry/telemetry.ts";
import { type Script, type ScriptedServer, scriptedServer } from "../../support/scripted-server.ts";

const servers: ScriptedServer[] = [];
let folder: string;
beforeEach(async () => {
  folder = await Deno.makeTempDir();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  await Deno.remove(folder, { recursive: true });
});

async function serve(script: Script) {
  const server = await scriptedServer(script);
  servers.push(server);
  return server;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A program that acts as nvidia-smi does: checks how it is called, then prints for ever. */
async function fakeNvidiaSmi(body: string): Promise<string> {
  const path = `${folder}/nvidia-smi`;
  await Deno.writeTextFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

const FIELDS = "timestamp,index,name,temperature.gpu,power.draw,pstate,clocks.sm,clocks.mem," +
  "utilization.gpu,utilization.memory,memory.used,memory.total";

test("servers and GPU are sampled on one clock until the end", async () => {
  let scrapes = 0;
  const server = await serve((request, wire) =>
    wire.answer(request.path === "/metrics" ? 200 : 404, `vllm:num_requests_running ${++scrapes}\n`)
  );
  const smi = await fakeNvidiaSmi(`
[ "$1" = "--query-gpu=${FIELDS}" ] || exit 2
[ "$2" = "--format=csv,noheader,nounits" ] || exit 2
[ "$3" = "--loop-ms=20" ] || exit 2
while :; do
  echo "2026/05/01 12:00:00.123, 0, NVIDIA L4, 54, 71.23, P0, 2040, 6250, 97, 61, 20123, 23034"
  sleep 0.02
done`);
  const clock = monotonicClock();
  const client = new VllmClient(server.url, clock);
  const session = startTelemetry([client], clock, {
    periodSeconds: 0.02,
    gpuPeriodSeconds: 0.02,
    nvidiaSmi: smi,
  });
  await pause(300);
  const { servers: [series], gpu, notes } = await session.stop();
  client.close();
  expect(notes).toEqual([]);
  expect(series.size).toBe(scrapes);
  expect(series.size).toBeGreaterThan(4);
  expect([...series.gauges.running]).toEqual(Array.from({ length: scrapes }, (_, i) => i + 1));
  for (const { time } of [series, gpu!]) {
    expect([...time]).toEqual([...time].sort((a, b) => a - b));
    expect(time[0]).toBeGreaterThanOrEqual(0);
    expect(time.at(-1)).toBeLessThanOrEqual(clock.now());
  }
  expect(gpu!.size).toBeGreaterThan(2);
  expect(gpu!.power[0]).toBe(71.23);
});

describe("what is not there makes no fuss", () => {
  const none = { periodSeconds: 5, nvidiaSmi: null };

  test("no nvidia-smi, or one without a driver", async () => {
    const clock = monotonicClock();
    const absent = startTelemetry([], clock, { nvidiaSmi: `${folder}/no-such-program` });
    expect(await absent.stop()).toEqual({ servers: [], gpu: null, notes: [] });
    const complaint = "NVIDIA-SMI has failed because it couldn't communicate with the driver.";
    const failing = startTelemetry([], clock, {
      nvidiaSmi: await fakeNvidiaSmi(`echo "${complaint}"; exit 9`),
    });
    await pause(50);
    expect(await failing.stop()).toEqual({
      servers: [],
      gpu: null,
      notes: [`nvidia-smi: ${complaint}`],
    });
  });

  test("a server that is down, answers an error or HTML leaves a row that says so", async () => {
    const gone = await scriptedServer(() => {});
    await gone.stop();
    const scripts: Script[] = [
      (_, wire) => wire.answer(503, ""),
      (_, wire) => wire.answer(200, "<html>", { "content-type": "text/html" }),
    ];
    const urls = [gone.url];
    for (const script of scripts) urls.push((await serve(script)).url);
    const clock = monotonicClock();
    const clients = urls.map((url) => new VllmClient(url, clock));
    const session = startTelemetry(clients, clock, none);
    const { servers: series, notes } = await session.stop();
    expect(series.map(({ server }) => server)).toEqual(urls);
    for (const { up, gauges } of series) {
      expect(up[0]).toBe(0);
      expect(gauges.running[0]).toBeNaN();
    }
    expect(notes.length).toBe(3);
    for (const url of urls) expect(notes.some((note) => note.startsWith(url))).toBe(true);
  });
});

test("a DCGM exporter is asked without the server's key", async () => {
  Deno.env.set("VLLM_API_KEY", "sk-hush-4711");
  const exporter = await serve((_, wire) =>
    wire.answer(200, 'DCGM_FI_DEV_POWER_USAGE{gpu="0",modelName="NVIDIA L4"} 71.5\n')
  );
  const session = startTelemetry([], monotonicClock(), {
    nvidiaSmi: null,
    dcgm: exporter.url,
    gpuPeriodSeconds: 0.02,
  });
  await pause(80);
  const { gpu } = await session.stop();
  Deno.env.delete("VLLM_API_KEY");
  expect(gpu!.power[0]).toBe(71.5);
  expect(exporter.requests[0].headers).not.toHaveProperty("authorization");
});
