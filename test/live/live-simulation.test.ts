import { expect, test } from "vitest";
import { live } from "../../src/paper/live.ts";
import { simulate } from "../../src/paper/simulate.ts";
import { beliefOf } from "../../src/runs/beliefs.ts";
import { startTwin } from "../../src/twin/start-twin.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { truthOf } from "../../src/twin/workload-truth.ts";
import { handWorkload } from "../support/workloads.ts";

const workload = paperWorkload({ seed: 11, requests: 150 });
const inFlight = { rule: "in-flight", window: 12 } as const;
const microBatch = { rule: "micro-batch", maxBatch: 6 } as const;
const passThrough = { rule: "pass-through" } as const;

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

test.each([
  { policy: "fifo", calibrator: "ema", dispatch: inFlight },
  { policy: "sjf", calibrator: "ema", dispatch: inFlight },
  { policy: "sjf", calibrator: "none", dispatch: inFlight },
  { policy: "aging", calibrator: "ema", dispatch: inFlight },
  { policy: "weighted", calibrator: "ema", dispatch: inFlight },
  { policy: "fifo", calibrator: "none", dispatch: passThrough },
  { policy: "sjf", calibrator: "ema", dispatch: passThrough },
  { policy: "sjf", calibrator: "ema", dispatch: microBatch },
])("over HTTP as simulate(): $policy, $calibrator, $dispatch.rule", async (cell) => {
  const { policy, calibrator, dispatch } = cell;
  const scheduler = { policy, estimator: { options: { calibrator } } };
  const twin = await startTwin({
    clock: "virtual",
    truth: truthOf(workload),
    flags: dispatch.rule === "pass-through" ? { scheduling_policy: "priority" } : {},
  });
  try {
    const { run } = await live(workload, {
      servers: [twin.url],
      time: "virtual",
      scheduler,
      dispatch,
      // As many ids as the workload says: the simulator prefills these, and no template.
      prompt: { prompts: "token-ids", answerLengths: "server" },
    });
    const simulated = simulate(workload, { scheduler, dispatch, server: {} });
    expect(run.batch).toEqual(simulated.batch);
    expect(run.estimatedOutput).toEqual(simulated.estimatedOutput);
    expect(run.beliefs).toEqual(simulated.beliefs);
    expect(run.feedbackPlace).toEqual(simulated.feedbackPlace);
    expect(run.actualOutput).toEqual(simulated.actualOutput);
    expect(run.outputTokens).toEqual(simulated.outputTokens);
    const order = ({ start }: { start: Float64Array }) =>
      [...start.keys()].sort((a, b) => start[a] - start[b]);
    expect(order(run)).toEqual(order(simulated));
    for (const column of ["arrival", "start", "firstToken", "finish", "phaseStart"] as const) {
      expect(largestDifference(run[column], simulated[column]), column).toBeLessThan(1e-9);
    }
  } finally {
    await twin.stop();
  }
});

test("at one instant a finish is learned from before an arrival is estimated", async () => {
  const columns = { outputTokens: [40, 40], outputWords: [30, 30], promptWords: [8, 8] };
  const window = { dispatch: inFlight };
  const arriving = (arrival: number[]) => {
    const workload = handWorkload({ ...columns, arrival });
    const maxTokens = Int32Array.of(64, 64);
    return { ...workload, requests: { ...workload.requests, maxTokens } };
  };
  const [finish] = simulate(arriving([0, 9]), window).finish;
  const tied = arriving([0, finish]);
  const simulated = simulate(tied, window);
  expect(beliefOf(simulated, "factor")[1]).toBeLessThan(1);
  const twin = await startTwin({ clock: "virtual", truth: truthOf(tied) });
  try {
    const { run } = await live(tied, { servers: [twin.url], time: "virtual", ...window });
    expect(run.finish[0]).toBe(finish);
    expect(run.beliefs).toEqual(simulated.beliefs);
  } finally {
    await twin.stop();
  }
});
