import { beforeAll, expect, test } from "vitest";
import { compareRuns, type Fidelity } from "../../../src/engines/fidelity/compare.ts";
import { fitRequestOverhead } from "../../../src/engines/fidelity/fit-request-overhead.ts";
import { readIterationLog } from "../../../src/engines/fidelity/iteration-log.ts";
import { machineSlowness, slowedDown } from "../../../src/engines/fidelity/machine-speed.ts";
import {
  readRecordedRequests,
  readRunDescription,
} from "../../../src/engines/fidelity/recorded-run.ts";
import { simulateRecording } from "../../../src/engines/fidelity/simulate-recording.ts";
import { fitStepCost } from "../../../src/engines/step-cost/fit-step-cost.ts";
import { loggedSteps } from "../../../src/engines/step-cost/logged-steps.ts";
import { type ServerFile, stepCostOf } from "../../../src/engines/step-cost/server-file.ts";
import { gunzip } from "../../../src/files/gunzip.ts";
import { readBytes } from "../../../src/files/read-bytes.ts";
import { DATA_FOLDER } from "../../../src/files/read-bundled.ts";

const bytes = (name: string) => readBytes(new URL(`vllm_cpu_measured/${name}`, DATA_FOLDER));
const decode = (of: Uint8Array) => new TextDecoder().decode(of);

async function recording(run: string) {
  const description = readRunDescription(decode(await bytes(`${run}.json`)), run);
  const { requests } = readRecordedRequests(await bytes(`${run}.requests.csv`), run);
  const log = decode(await gunzip(await bytes(`${run}.iterations.log.gz`), run));
  const steps = loggedSteps(readIterationLog(log, run), description.server);
  return { description, requests, steps };
}

let server: ServerFile;

// Under FCFS alone: every other recording is a prediction.
beforeAll(async () => {
  const runs = await Promise.all(
    ["ds_l3.fcfs32", "ds_l5.fcfs32", "ds_l7.fcfs32", "bgpt.fcfs32"].map(recording),
  );
  const { cost, report } = fitStepCost(runs.map(({ steps }) => steps));
  const file = { name: "CPU", source: "test", cost, perRequest: 0, fit: report };
  server = { ...file, perRequest: fitRequestOverhead(file, runs)! };
});

/** Predicts a run; at the speed that the machine had by the run's own log, if asked to. */
async function predict(run: string, atItsSpeed = false): Promise<Fidelity> {
  const { description, requests, steps } = await recording(run);
  const seats = description.server.max_num_seqs;
  let cost = stepCostOf(server, seats);
  if (atItsSpeed && server.cost.kind === "fitted") {
    const timed = { ...server, cost: { ...server.cost, perLoop: 0, perLoopSequence: 0 } };
    cost = slowedDown(cost, machineSlowness(steps, stepCostOf(timed, seats)));
  }
  return compareRuns(requests, simulateRecording(requests, description, cost));
}

test.each([
  "ds_l5.fcfs32.repeat",
  "ds_l5.fcfs32.kv2560",
  "ds_burst.client16.fifo",
  "ds_burst.client16.priority",
])(
  "%s, never seen by the fit, is predicted within 10 %% in E2E P50, P99 and makespan",
  async (run) => {
    const found = await predict(run);
    expect(found.unfinished).toBe(0);
    for (const name of ["e2e_p50", "e2e_p99", "makespan_s"] as const) {
      expect(Math.abs(found[name].error_pct!), name).toBeLessThan(10);
    }
  },
);

test.each([
  // Runs at the server's capacity, or bursts: a machine 5 % slower makes queues a quarter longer.
  ["ds_l5.fcfs16", 23],
  ["azure.fcfs32.mbt512", 27],
  // Its P99 is the third longest wait of 300, of those whom SJF starves.
  ["ds_l5_sjf.prio16", 12],
])(
  "%s misses because of the machine's own speed that day: at it the error goes",
  async (run, most) => {
    const found = await predict(run);
    const errors = (of: Fidelity) =>
      [of.e2e_p50, of.e2e_p99, of.makespan_s].map(({ error_pct }) => Math.abs(error_pct!));
    expect(Math.max(...errors(found))).toBeLessThan(most);
    expect(Math.max(...errors(await predict(run, true)))).toBeLessThan(12);
  },
);

test("as on the real server, SJF nearly halves the median and doubles the P99", async () => {
  const fcfs = await predict("ds_l5.fcfs16"), sjf = await predict("ds_l5_sjf.prio16");
  for (const side of ["measured", "simulated"] as const) {
    expect(sjf.e2e_p50[side] / fcfs.e2e_p50[side], side).toBeLessThan(0.6);
    expect(sjf.e2e_p99[side] / fcfs.e2e_p99[side], side).toBeGreaterThan(2);
  }
});

test("the overhead per request is some milliseconds: the API server's, not a step's", () => {
  expect(server.perRequest).toBeGreaterThan(0.003);
  expect(server.perRequest).toBeLessThan(0.012);
});
