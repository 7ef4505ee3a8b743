import { expect, test } from "vitest";
import { predictionIntervals } from "../../src/fidelity/doubt/prediction-intervals.ts";
import { requestsToServe } from "../../src/fidelity/requests-to-serve.ts";
import { serve } from "../../src/servers/continuous/serve.ts";
import { serverOf } from "../../src/servers/server.ts";
import { openBundled } from "../../src/files/open-bundled.ts";
import { firstRows } from "../../src/workload/transforms/first-rows.ts";
import { endToEnd } from "../../src/runs/latencies.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import { InputError } from "../../src/errors/input-error.ts";

const { workload } = await openBundled("vllm_cpu_chat/chat_l5.apc.requests.jsonl.gz");

test("any workload is predicted as a server serves it, with what its prompts share", () => {
  const few = firstRows(workload, 100);
  const server = serverOf();
  const requests = requestsToServe(few);
  const { metrics } = predictionIntervals(requests, server, { draws: 10 });
  const { finish, cachedTokens } = serve(requests, server.config, { cost: server.cost });
  expect(cachedTokens.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(10_000);
  const e2e = finish.map((at, row) => endToEnd(few.requests.arrival[row], at));
  expect(metrics.e2e_p50.predicted).toBe(quantile(e2e, 0.5));
});

test("phases are refused: when a later one begins is not known before", () => {
  const [first] = workload.requests.phases;
  const phases = [first, { name: "stress", first: 10, afterDrainSeconds: 1 }] as const;
  const two = { ...workload, requests: { ...workload.requests, phases } };
  expect(() => requestsToServe(two)).toThrow(InputError);
  expect(() => requestsToServe(two)).toThrow(/field phases.*stress/);
});
