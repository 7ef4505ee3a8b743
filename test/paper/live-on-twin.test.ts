import { expect, test } from "vitest";
import { liveOnTwin } from "../../src/paper/live-on-twin.ts";
import { simulate } from "../../src/paper/simulate.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { workloadOfRun } from "../../src/runs/workload-of-run.ts";

const workload = paperWorkload({ seed: 3, requests: 12 });
const dispatch = { rule: "in-flight", window: 4 } as const;
const scheduler = { policy: "sjf" };

test("answers have the workload's lengths, and times are the simulation's to the nanosecond", async () => {
  const { run, servers } = await liveOnTwin(workload, { scheduler, dispatch, warmUp: 4 });
  expect(run.outputTokens).toEqual(workload.truth.outputTokens);
  const simulated = simulate(workloadOfRun(run), { scheduler, dispatch });
  for (const [row, at] of run.finish.entries()) expect(at).toBeCloseTo(simulated.finish[row], 9);
  // The twin is gone: nothing listens there any more.
  await expect(fetch(`${servers[0].url}/health`)).rejects.toThrow(TypeError);
});
