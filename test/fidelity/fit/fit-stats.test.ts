import { expect, test } from "vitest";
import { fitServer } from "../../../src/fidelity/fit/fit-server.ts";
import { fitStats } from "../../../src/fidelity/fit/fit-stats.ts";
import { fitStepCost } from "../../../src/fidelity/fit/fit-step-cost.ts";
import { fittable } from "../../../src/fidelity/fit/fittable.ts";
import { readServerLog } from "../../../src/fidelity/fit/server-log.ts";
import { readStatsLine } from "../../../src/fidelity/fit/stats-line.ts";
import { ServerFile, stepCostOf } from "../../../src/servers/costs/server-file.ts";
import { predictRecording } from "../../../src/fidelity/predict.ts";
import { loadCpuRecording } from "../../../src/files/load-recordings.ts";
import { chunksOf, REAL_SERVER, realLines } from "./support/real-lines.ts";
import { statsOfIterations } from "./support/stats-of-iterations.ts";

const read = async (lines: readonly string[], source = "vllm.log") => ({
  log: await readServerLog(chunksOf(lines), source),
  server: REAL_SERVER,
});

test("a stats line of any version is read", () => {
  const rest = "Avg prompt throughput: 93.9 tokens/s, Avg generation throughput: 13.0 tokens/s, " +
    "Running: 7 reqs, ";
  expect(readStatsLine(
    `(APIServer pid=9) INFO 08-04 20:51:08 [loggers.py:310] Engine 001: ${rest}Waiting: 2 reqs, ` +
      "Preemptions: 3, GPU KV cache usage: 41.5%, Prefix cache hit rate: 62.5%",
  )).toMatchObject({
    ...{ engine: "1", engines: 1, promptRate: 93.9, generationRate: 13, running: 7, waiting: 2 },
    ...{ preemptions: 3, kvUsage: 0.415, hitRate: 0.625 },
  });
  expect(readStatsLine(
    `INFO 03-02 10:00:00 metrics.py:455] ${rest}Swapped: 0 reqs, Pending: 4 reqs, GPU KV cache ` +
      "usage: 0.4%, CPU KV cache usage: 0.0%.",
  )).toMatchObject({ engine: "0", waiting: 4, kvUsage: 0.004, hitRate: 0, preemptions: 0 });
  expect(readStatsLine(`INFO 2 Engines Aggregated: ${rest}Waiting: 0 reqs`))
    .toMatchObject({ engines: 2, kvUsage: NaN });
  expect(readStatsLine("INFO Avg prompt throughput: soon")).toBeNull();
});

/** Lines of a server of known cost that is never idle: means over ten seconds, loads held for a while. */
function known(prompts: boolean): string[] {
  return Array.from({ length: 240 }, (_, i) => {
    const b = [2, 4, 8, 16, 32, 64][Math.floor(i / 40)];
    const p = prompts ? 50 * (i * 7 % 11) : 0;
    const steps = (1 - 2e-4 * p) / (0.006 + 4e-4 * b);
    return `INFO 11-23 09:00:00 [loggers.py:310] Engine 000: Avg prompt throughput: ${
      p.toFixed(1)
    } ` +
      `tokens/s, Avg generation throughput: ${
        (steps * b).toFixed(1)
      } tokens/s, Running: ${b} reqs, ` +
      "Waiting: 0 reqs, GPU KV cache usage: 0.0%, Prefix cache hit rate: 0.0%";
  });
}

test("the costs come back from stats lines of a server that is never idle", async () => {
  const { cost, report } = fitStats(fittable([{ log: (await read(known(true))).log }]).stats);
  const { base, perPrefillToken } = stepCostOf(
    { name: "known", source: "test", cost, perRequest: 0 },
    { max_num_seqs: 64, async_scheduling: false },
  );
  for (const b of [2, 8, 32, 64]) expect(base[b] / (0.006 + 4e-4 * b)).toBeCloseTo(1, 2);
  expect(perPrefillToken).toBeCloseTo(2e-4, 6);
  expect(report).toMatchObject({ basis: "stats lines", unknown: ["context"] });
  expect(report.ranges.sequences).toEqual([2, 64]);
});

test("without prompts, or with prompts that only ever rise with decoding, prefill stays unknown", async () => {
  const none = fitStats(fittable([await read(known(false))]).stats);
  expect(none.cost.perPrefillToken).toBeNull();
  expect(none.report.unknown).toContain("prefill");
  // Short chats in a steady mix: a fortieth of the time is prefill, in every window the same.
  const runs = ["ds_l3.fcfs32", "ds_l5.fcfs32", "ds_l5.fcfs32.repeat", "ds_l7.fcfs32"];
  const steady = await Promise.all(
    runs.map(async (run) => await read(statsOfIterations(await realLines(run)), run)),
  );
  expect(fitStats(fittable(steady).stats).report.unknown).toEqual(["prefill"]);
});

const FLAGS = { max_num_seqs: 32, async_scheduling: false };
const RUNS = [
  ...["ds_l3.fcfs32", "ds_l5.fcfs32", "ds_l5.fcfs32.repeat", "ds_l7.fcfs32", "ds_l5.fcfs16"],
  ...["bgpt.fcfs32", "azure.fcfs32.mbt512", "ds_l5_sjf.prio16"],
];

test("the stats lines of a real server say within 15 % what its iterations say of loads they saw", async () => {
  const lines = await Promise.all(RUNS.map(realLines));
  const logs = await Promise.all(lines.map(async (each, i) => ({
    coarse: await read(statsOfIterations(each), RUNS[i]),
    full: await read(each, RUNS[i]),
  })));
  const fitted = fitStats(fittable(logs.map(({ coarse }) => coarse)).stats);
  const iterations = fitStepCost(fittable(logs.map(({ full }) => full)).steps);
  const [coarse, full] = [fitted, iterations].map(({ cost }) =>
    stepCostOf({ name: "CPU", source: "test", cost, perRequest: 0 }, FLAGS)
  );
  for (const b of [4, 8, 12, 16, 24, 32]) {
    const step = ({ base, perContextToken }: typeof full) => base[b] + perContextToken[b] * 250 * b;
    expect(Math.abs(step(coarse) / step(full) - 1), `${b} sequences`).toBeLessThan(0.15);
  }
  const prompt = 400;
  const seconds = full.perPrefillToken * prompt + full.perPrefillSequence! +
    full.perPrefillPair! * prompt * (prompt + 1) / 2;
  expect(Math.abs(coarse.perPrefillToken * prompt / seconds - 1)).toBeLessThan(0.4);
  // It says itself how wide it is: most windows are within what it states.
  const stated = Math.max(...fitted.report.residuals.map(({ abs_p95_pct }) => abs_p95_pct));
  expect(stated).toBeGreaterThan(20);
  expect(fitted.report.leftOutBy).toMatchObject({ preempting: 0 });
});

test("a server that was fitted to stats lines says so in its file", async () => {
  const lines = await Promise.all(RUNS.map(realLines));
  const logs = await Promise.all(lines.map((each) => read(statsOfIterations(each))));
  const { file } = fitServer({ name: "coarse", ...fittable(logs), recordings: [] });
  expect(file.source).toContain("coarsely from vLLM's stats lines");
  expect(file.fit).toMatchObject({ basis: "stats lines", unknown: [] });
  expect(ServerFile.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
  // Its steps have the loop in them, which the log of a run does not time: no word of the machine.
  const run = await loadCpuRecording("ds_burst.client16.fifo");
  const { fidelity, machine } = predictRecording(run, file, run.steps);
  expect(machine).toBeNull();
  expect(Math.abs(fidelity.makespan_s.error_pct!)).toBeLessThan(15);
  expect(Math.abs(fidelity.e2e_p50.error_pct!)).toBeLessThan(15);
});

test("of a log of any length as many windows are kept as fit, evenly", async () => {
  const long = Array.from({ length: 40 }, () => known(true)).flat();
  const { stats } = fittable([await read(long)]);
  expect(stats[0].windows.length).toBeLessThanOrEqual(4096);
  expect(stats[0].windows.length).toBeGreaterThan(2048);
  expect(stats[0].usable + stats[0].leftOut.unsteady).toBe(long.length - 1);
  const { report } = fitStats(stats);
  expect(report.logs).toMatchObject([{ read: stats[0].usable }]);
  expect(report.ranges.sequences).toEqual([2, 64]);
});

test("too few windows, too few loads and sums over engines are refused with the reason", async () => {
  const short = await read(statsOfIterations(await realLines("ds_l5.fcfs32")));
  expect(() => fitStats(fittable([short]).stats)).toThrow(
    /vllm\.log: expected .* at least 8 busy windows .*: there are 6 such windows with 14 to 31.5/,
  );
  const even = await read(known(true).filter((line) => line.includes("Running: 8 reqs")));
  expect(() => fitStats(fittable([even]).stats)).toThrow(/39 such windows with 8 to 8 .*1 loads/);
  const idle = await read(known(false).map((line) => line.replace(/Running: \d+/, "Running: 0")));
  expect(() => fitStats(fittable([idle]).stats)).toThrow(/there are 0 such windows; 239 idle ones/);
  const summed = await read(
    known(true).map((line) => line.replace("Engine 000", "2 Engines Aggregated")),
  );
  expect(() => fittable([summed])).toThrow(/stats lines by engine.*sums over 2 engines/);
});
