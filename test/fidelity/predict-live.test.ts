import { beforeAll, expect, test } from "vitest";
import { compareLive, completedOf, predictLive } from "../../src/fidelity/predict-live.ts";
import { upgradeSchedulerOptions } from "../../src/gateway/options-version-1.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { ServerFile } from "../../src/servers/costs/server-file.ts";
import { InputError } from "../../src/errors/input-error.ts";
import { loadLiveRun, loadServerFile } from "../../src/files/load-recordings.ts";
import { workloadOfRun } from "../../src/runs/workload-of-run.ts";

let server: ServerFile;
beforeAll(async () => {
  server = await loadServerFile("vllm-cpu-0.05b");
});

const predicted = async (name: string) => predictLive(...await args(name));
async function args(name: string) {
  const live = await loadLiveRun(name);
  return [live.run, { server: { cost: server, config: live.flags }, steps: live.steps }] as const;
}

test.each([
  "fifo.window16",
  "fifo.window16.repeat",
  "sjf.window16",
  "sjf_none.window16",
  "sjf.priority16",
])("%s on a real vLLM comes out within 11 %% at the speed that its machine had", async (name) => {
  const { machine, fidelity } = await predicted(name);
  expect(fidelity.requests).toBe(300);
  for (const metric of ["e2e_p50", "e2e_p99", "makespan_s"] as const) {
    expect(Math.abs(machine!.at_its_speed[metric].error_pct!), metric).toBeLessThan(11);
  }
});

test("SJF by estimates halves the median and doubles the P99, measured and simulated", async () => {
  const fifo = await predicted("fifo.window16"), sjf = await predicted("sjf.window16");
  for (const side of ["measured", "simulated"] as const) {
    const change = (metric: "e2e_p50" | "e2e_p99") =>
      sjf.fidelity[metric][side] / fifo.fidelity[metric][side];
    expect(change("e2e_p50"), side).toBeLessThan(0.6);
    expect(change("e2e_p99"), side).toBeGreaterThan(1.9);
  }
});

test("of a simulation that says it was live, nothing is left to predict wrongly", async () => {
  const { run, flags } = await loadLiveRun("sjf.window16");
  const scheduler = upgradeSchedulerOptions(run.provenance.scheduler);
  const own = { cost: server, config: flags };
  const dispatch = { rule: "in-flight", window: 16 } as const;
  const again = simulate(workloadOfRun(run), {
    scheduler,
    dispatch,
    server: own,
  });
  const provenance = { ...again.provenance, engine: { name: "live", dispatch } };
  const { fidelity, machine } = predictLive({ ...again, provenance }, { server: own });
  expect(fidelity.e2e_mae_pct).toBe(0);
  expect(machine).toBeNull();
});

test("each request is compared from its own arrival: a phase may have started elsewhere", async () => {
  const { run } = await loadLiveRun("fifo.window16");
  const later = (times: Float64Array) => times.map((at) => at + 7);
  const shifted = {
    ...run,
    arrival: later(run.arrival),
    firstToken: later(run.firstToken),
    finish: later(run.finish),
  };
  expect(compareLive(run, shifted).e2e_mae_pct).toBeLessThan(1e-9);
});

test("requests without an answer are no part of the comparison", async () => {
  const { run } = await loadLiveRun("fifo.window16");
  const status = run.status.slice();
  status[3] = 1;
  const found = completedOf({ ...run, status });
  expect(found.size).toBe(299);
  expect(found.arrival[3]).toBe(run.arrival[4]);
});

test("a run that was not served live is refused by field", async () => {
  const { run, flags } = await loadLiveRun("fifo.window16");
  const provenance = { ...run.provenance, engine: { name: "micro-batch" } };
  const asked = () =>
    predictLive({ ...run, provenance }, { server: { cost: server, config: flags } });
  expect(asked).toThrow(InputError);
  expect(asked).toThrow(/provenance\.engine/);
});

test("a live run by micro-batches is predicted by micro-batches in front of the same server", async () => {
  const { run, flags } = await loadLiveRun("sjf.window16");
  const scheduler = upgradeSchedulerOptions(run.provenance.scheduler);
  const own = { cost: server, config: flags };
  const dispatch = { rule: "micro-batch", maxBatch: 8 } as const;
  const served = simulate(workloadOfRun(run), { scheduler, dispatch, server: own });
  const engine = { name: "live", dispatch, servers: [{}] };
  const live = { ...served, provenance: { ...served.provenance, engine } };
  const { fidelity, simulated } = predictLive(live, { server: own });
  expect(fidelity.requests).toBe(300);
  expect(fidelity.e2e_mae_pct).toBe(0);
  expect(simulated.batch).toEqual(served.batch);
  expect(Math.max(...simulated.batchSize)).toBe(8);
});
