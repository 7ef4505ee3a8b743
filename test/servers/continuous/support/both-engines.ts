import { expect } from "vitest";
import type { ServerConfigInput } from "../../../../src/servers/continuous/config.ts";
import type { EngineOptions } from "../../../../src/servers/continuous/engine.ts";
import { firstDifference } from "../../../../src/servers/conformance/first-difference.ts";
import { replay } from "../../../../src/servers/conformance/replay.ts";
import type { Scenario } from "../../../../src/servers/conformance/scenario.ts";
import { SkippingCore } from "../../../../src/servers/continuous/skipping-core.ts";
import { StepwiseCore } from "../../../../src/servers/continuous/stepwise-core.ts";
import { serve, type ServedWorkload } from "../../../../src/servers/continuous/serve.ts";
import { DecisionLog } from "./decision-log.ts";
import type { RandomServer } from "./random-server.ts";

const TOLERANCE = 1e-9;

/** The largest relative difference of two columns of instants; NaN meets NaN alone. */
function largestDifference(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) && Number.isNaN(b[i])) continue;
    const difference = Math.abs(a[i] - b[i]) / Math.max(Math.abs(a[i]), Number.MIN_VALUE);
    largest = Math.max(largest, a[i] === b[i] ? 0 : difference >= 0 ? difference : Infinity);
  }
  return largest;
}

/** Expects the same states, preemptions and steps, and instants to 1e-9. */
export function expectSameInstants(skipping: ServedWorkload, stepwise: ServedWorkload): void {
  expect(skipping.state).toEqual(stepwise.state);
  expect(skipping.preemptions).toEqual(stepwise.preemptions);
  expect(skipping.steps).toBe(stepwise.steps);
  for (const column of ["scheduled", "firstToken", "finish"] as const) {
    expect(largestDifference(skipping[column], stepwise[column]), column).toBeLessThan(TOLERANCE);
  }
  if (!Number.isNaN(stepwise.joules)) {
    const difference = Math.abs(skipping.joules - stepwise.joules);
    expect(difference).toBeLessThanOrEqual(TOLERANCE * stepwise.joules);
  }
}

/** The same, and the same series. */
export function expectSame(skipping: ServedWorkload, stepwise: ServedWorkload): void {
  expectSameInstants(skipping, stepwise);
  for (const name of ["batchSize", "kvBlocks", "queueDepth", "preemptions"] as const) {
    const a = skipping.series![name], b = stepwise.series![name];
    expect(a.value, name).toEqual(b.value);
    expect(largestDifference(a.at, b.at), name).toBeLessThan(TOLERANCE);
  }
}

/** A run and what was decided in it. */
interface Watched {
  readonly served: ServedWorkload;
  readonly decisions: DecisionLog["lines"];
  /** Steps planned: those skipped were not. */
  readonly planned: number;
}

/** Far above what any random server plans: a policy that never lets a token through ends here. */
const MOST_PLANNED = 400_000;

function watch(
  { workload, cost, power }: RandomServer,
  config: ServerConfigInput,
  options: Pick<EngineOptions, "stepping" | "series">,
): Watched {
  const log = new DecisionLog();
  let planned = 0;
  const served = serve(workload, config, {
    cost,
    power,
    ...options,
    observe(core, repeats) {
      if (++planned > MOST_PLANNED) throw new Error("the server makes no progress");
      log.observe(core, repeats);
    },
  });
  return { served, decisions: log.lines, planned };
}

/**
 * Serves a workload in both engines, and expects the same decisions in every step and the same
 * instants to 1e-9; once more where the skipping engine runs ahead of finishes.
 */
export function serveInBoth(
  server: RandomServer,
  config: ServerConfigInput = server.config,
): { readonly skipping: Watched; readonly stepwise: Watched } {
  const skipping = watch(server, config, { series: true });
  const stepwise = watch(server, config, { stepping: "stepwise", series: true });
  expect(skipping.decisions).toEqual(stepwise.decisions);
  expectSame(skipping.served, stepwise.served);
  // Without series it runs ahead of finishes.
  const ahead = watch(server, config, {});
  expect(ahead.decisions).toEqual(stepwise.decisions);
  expectSameInstants(ahead.served, stepwise.served);
  return { skipping, stepwise };
}

/**
 * Expects the same decisions of both cores among equal arrivals, or the same error of both.
 * @returns whether they came to an end
 */
export function replayInBoth(scenario: Scenario): boolean {
  const [skipping, stepwise] = [SkippingCore, StepwiseCore].map((Core) => {
    try {
      return replay(scenario, Core, 40_000);
    } catch (error) {
      return String(error);
    }
  });
  if (typeof skipping === "string") {
    expect(skipping).toBe(stepwise);
    return false;
  }
  expect(firstDifference(skipping, stepwise as typeof skipping)).toBeNull();
  return true;
}
