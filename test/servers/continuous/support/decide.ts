import { replay } from "../../../../src/servers/conformance/replay.ts";
import type { StepRun } from "../../../../src/servers/conformance/scenario.ts";
import type { ServerConfigInput } from "../../../../src/servers/continuous/config.ts";
import { ServerFields } from "../../../../src/servers/continuous/config.ts";
import { SkippingCore } from "../../../../src/servers/continuous/skipping-core.ts";
import { StepwiseCore } from "../../../../src/servers/continuous/stepwise-core.ts";

export const CORES = { stepwise: StepwiseCore, skipping: SkippingCore };

/** One request: `[step of arrival, prompt tokens, output tokens, priority]`. */
export type Row = readonly [number, number, number, number?];

/** One step: scheduled `[request, tokens]`, preempted, finished. */
export type Step = Omit<StepRun, "at" | "repeats" | "cached">;

/** What a core decides on `rows`, by call of `schedule()`; steps without anyone are null. */
export function decide(
  core: keyof typeof CORES,
  config: ServerConfigInput,
  rows: readonly Row[],
): (Step | null)[] {
  const column = (field: number) => Int32Array.from(rows, (row) => row[field] ?? 0);
  const runs = replay({
    id: "test",
    vllm: "",
    config: ServerFields.parse(config),
    arrivalStep: column(0),
    promptTokens: column(1),
    outputTokens: column(2),
    priority: column(3),
    steps: [],
  }, CORES[core]);
  const steps: (Step | null)[] = [];
  for (const { at, repeats, scheduled, preempted, finished } of runs) {
    while (steps.length < at) steps.push(null);
    for (let i = 0; i < repeats; i++) {
      steps.push({
        scheduled,
        preempted: i === 0 ? preempted : [],
        finished: i === repeats - 1 ? finished : [],
      });
    }
  }
  return steps;
}
