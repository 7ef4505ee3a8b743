import { beforeAll, expect, test } from "vitest";
import { liveBesideSimulation } from "../../src/fidelity/live-beside-simulation.ts";
import { livePredictions } from "../../src/fidelity/live-predictions.ts";
import { predictLive } from "../../src/fidelity/predict-live.ts";
import {
  type LoadedLiveRun,
  loadLiveRun,
  loadServerFile,
} from "../../src/files/load-recordings.ts";
import { mean } from "../../src/statistics/quantile.ts";

let live: LoadedLiveRun;
beforeAll(async () => {
  live = await loadLiveRun("sjf.window16");
});

const labels = { policy: "sjf", calibration: "ema" };
type Row = Record<string, string | number>;

test("a run beside itself agrees in everything; a shift of its first request is seen", () => {
  const { run } = live;
  const [same] = liveBesideSimulation([{ ...labels, run, simulated: run }], { unit: "tokens" })
    .objects() as Row[];
  const error = mean(
    Array.from(run.estimatedOutput, (estimate, row) => Math.abs(estimate - run.actualOutput[row])),
  ).toFixed(2);
  expect(same).toMatchObject({
    ...labels,
    "estimation error, tokens": `${error} → ${error}`,
    "same order of dispatch": "yes",
    "largest difference, ns": 0,
  });
  const start = run.start.slice();
  start[0] = 1e6;
  const finish = run.finish.slice();
  finish[0] += 5e-9;
  const [moved] = liveBesideSimulation(
    [{ ...labels, run, simulated: { ...run, start, finish } }],
    { unit: "tokens" },
  ).objects() as Row[];
  expect(moved["same order of dispatch"]).toBe("no");
  expect(moved["largest difference, ns"]).toBe(5);
});

test("predictions are shown at the machine's speed where it is known, else as they are", async () => {
  const cost = await loadServerFile("vllm-cpu-0.05b");
  const given = { cost, config: live.flags };
  const logged = predictLive(live.run, { server: given, steps: live.steps });
  const unlogged = predictLive(live.run, { server: given });
  const rows = livePredictions([
    { ...live, prediction: logged },
    { ...live, prediction: unlogged },
  ]).objects() as Row[];
  const both = ({ measured, simulated }: { measured: number; simulated: number }) =>
    `${measured.toFixed(2)} → ${simulated.toFixed(2)}`;
  expect(rows[0]["E2E P99, s"]).toBe(both(logged.machine!.at_its_speed.e2e_p99));
  expect(rows[0]["machine slower by"]).toMatch(/^[+−]\d+\.\d\u00a0%$/);
  expect(rows[1]["E2E P99, s"]).toBe(both(unlogged.fidelity.e2e_p99));
  expect(rows[1]["machine slower by"]).toBe("");
});
