import { L4_QWEN15_1_8B_SERVER } from "../servers/continuous/presets.ts";
import type { DispatchRule } from "../gateway/dispatch-rule.ts";
import { serveContinuous } from "../simulation/serve-continuous.ts";
import { simulate } from "../simulation/simulate.ts";
import { L4_QWEN15_1_8B } from "../servers/costs/presets.ts";
import { POLICIES } from "../policies/registry.ts";
import { Scheduler } from "../gateway/scheduler.ts";
import { paperWorkload } from "../paper/workload.ts";
import type { Benchmark, BenchmarkCase } from "./benchmark.ts";

const WINDOW: DispatchRule = { rule: "in-flight", window: 32 };
const THROUGH: DispatchRule = { rule: "pass-through" };

/** One cell of the paper's grid per policy, on a vLLM server in place of the micro-batches. */
export const cell3000Continuous: Benchmark = {
  name: "cell-3000-continuous",
  description: "a run of 3,000 requests through gateway and continuous engine, warm",
  barMs: 4,
  prepare({ smoke }) {
    const requests = smoke ? 150 : 3000;
    const workload = paperWorkload({ requests });
    const often = { units: requests, runs: 51, warmups: 30 };
    const cell = (policy: string, dispatch: DispatchRule): BenchmarkCase => ({
      name: `cell-3000-continuous/${policy}-${dispatch.rule}`,
      run: () => simulate(workload, { scheduler: { policy }, dispatch }),
      ...often,
    });
    const engineAlone = (stepping: "skipping" | "stepwise", series: boolean) => () =>
      serveContinuous(workload, new Scheduler(workload.requests, { policy: "sjf" }), {
        server: L4_QWEN15_1_8B_SERVER,
        cost: L4_QWEN15_1_8B,
        dispatch: WINDOW,
        stepping,
        series,
      });
    return {
      cases: [
        ...POLICIES.map(({ name }) => cell(name, WINDOW)),
        cell("sjf", THROUGH),
        {
          name: "cell-3000-continuous/sjf-series",
          run: engineAlone("skipping", true),
          comparison: true,
          ...often,
        },
        {
          name: "cell-3000-continuous/sjf-stepwise",
          run: engineAlone("stepwise", false),
          comparison: true,
          units: requests,
        },
      ],
    };
  },
};
