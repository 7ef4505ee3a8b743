import { POLICIES } from "../policies/registry.ts";
import { paperSimulation, simulate } from "../paper/simulate.ts";
import { paperWorkload } from "../paper/workload.ts";
import type { DispatchInput } from "../gateway/dispatch.ts";
import { ContinuousEngine } from "../servers/continuous/engine.ts";
import { simulateWith } from "../simulation/simulate.ts";
import type { Benchmark, BenchmarkCase } from "./benchmark.ts";

const WINDOW: DispatchInput = { rule: "in-flight", window: 32 };
const THROUGH: DispatchInput = { rule: "pass-through" };

/** One cell of the paper's grid per policy, on a vLLM server in place of the micro-batches. */
export const cell3000Continuous: Benchmark = {
  name: "cell-3000-continuous",
  description: "a run of 3,000 requests through gateway and continuous engine, warm",
  barMs: 4,
  prepare({ smoke }) {
    const requests = smoke ? 150 : 3000;
    const workload = paperWorkload({ requests });
    const often = { units: requests, runs: 51, warmups: 30 };
    const cell = (policy: string, dispatch: DispatchInput): BenchmarkCase => ({
      name: `cell-3000-continuous/${policy}-${dispatch.rule}`,
      run: () => simulate(workload, { scheduler: { policy }, dispatch }),
      ...often,
    });
    const engineWith = (options: { stepping?: "stepwise"; series?: boolean }) => () =>
      simulateWith(
        workload,
        paperSimulation({ scheduler: { policy: "sjf" }, dispatch: WINDOW }),
        ({ config, cost }, lengths) => new ContinuousEngine(config, lengths, { cost, ...options }),
      );
    return {
      cases: [
        ...POLICIES.all.map(({ name }) => cell(name, WINDOW)),
        cell("sjf", THROUGH),
        {
          name: "cell-3000-continuous/sjf-series",
          run: engineWith({ series: true }),
          comparison: true,
          ...often,
        },
        {
          name: "cell-3000-continuous/sjf-stepwise",
          run: engineWith({ stepping: "stepwise" }),
          comparison: true,
          units: requests,
        },
      ],
    };
  },
};
