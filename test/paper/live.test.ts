import { afterEach, expect, test } from "vitest";
import { live } from "../../src/paper/live.ts";
import { writeMetricsCsv } from "../../src/paper/metrics/metrics-csv.ts";
import { readMetricsCsv } from "../../src/paper/metrics/read-metrics-csv.ts";
import { runMetrics } from "../../src/paper/metrics/run-metrics.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { simulate } from "../../src/paper/simulate.ts";
import { openTrace } from "../../src/traces/open-trace.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";

const workload = paperWorkload({ seed: 6, requests: 8 });
let twin: RunningTwin;
let out: string;
afterEach(async () => {
  await twin.stop();
  await Deno.remove(out, { recursive: true });
});

async function liveRun(more: Partial<Parameters<typeof live>[1]> = {}) {
  twin = await startTwin({ clock: "virtual" });
  out = await Deno.makeTempDir();
  const prompt = { prompts: "token-ids" } as const;
  return await live(workload, { servers: [twin.url], time: "virtual", prompt, out, ...more });
}

test("a live run writes the reference's metrics.csv, which is read as a trace and served again", async () => {
  const { run, files } = await liveRun();
  expect(files).toContain(`${out}/metrics.csv`);
  const { workload: read } = await openTrace(`${out}/metrics.csv`);
  expect(read.requests.size).toBe(8);
  expect(read.requests.maxTokens).toEqual(run.requests.maxTokens);
  const { status } = simulate(read, {
    scheduler: { policy: "priority", estimator: { options: { counting: "tokenizer" } } },
  });
  expect(status.every((state) => state === 0)).toBe(true);
});

test("its times are Unix seconds, today's", async () => {
  const before = Date.now() / 1000;
  const { run } = await liveRun();
  const { columns } = readMetricsCsv(await Deno.readTextFile(`${out}/metrics.csv`), "metrics.csv");
  const epoch = columns.queue_enter_time[0] - run.arrival[0];
  expect(epoch).toBeGreaterThan(before - 1);
  expect(epoch).toBeLessThan(Date.now() / 1000 + 1);
});

test("writers of one's own come beside it, and may take its place", async () => {
  const { run } = await liveRun({
    writers: { "metrics.csv": (run) => writeMetricsCsv(runMetrics(run)), "n.txt": () => "8" },
  });
  const text = await Deno.readTextFile(`${out}/metrics.csv`);
  expect(text).toBe(writeMetricsCsv(runMetrics(run)));
  expect(await Deno.readTextFile(`${out}/n.txt`)).toBe("8");
});
