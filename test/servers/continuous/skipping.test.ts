import fc from "fast-check";
import { expect, test } from "vitest";
import { firstDifference } from "../../../src/servers/conformance/first-difference.ts";
import { replay } from "../../../src/servers/conformance/replay.ts";
import { ServerFields } from "../../../src/servers/continuous/config.ts";
import { SkippingCore } from "../../../src/servers/continuous/skipping-core.ts";
import { StepwiseCore } from "../../../src/servers/continuous/stepwise-core.ts";
import { OPEN } from "../../../src/servers/continuous/request-state.ts";
import { serve, type ServedWorkload } from "../../../src/servers/continuous/serve.ts";
import { DecisionLog } from "./support/decision-log.ts";
import { randomServer } from "./support/random-server.ts";

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

function expectSame(skipping: ServedWorkload, stepwise: ServedWorkload): void {
  expectSameInstants(skipping, stepwise);
  for (const name of ["batchSize", "kvBlocks", "queueDepth", "preemptions"] as const) {
    const a = skipping.series![name], b = stepwise.series![name];
    expect(a.value, name).toEqual(b.value);
    expect(largestDifference(a.at, b.at), name).toBeLessThan(TOLERANCE);
  }
}

function expectSameInstants(skipping: ServedWorkload, stepwise: ServedWorkload): void {
  expect(skipping.state).toEqual(stepwise.state);
  expect(skipping.preemptions).toEqual(stepwise.preemptions);
  expect(skipping.steps).toBe(stepwise.steps);
  for (const column of ["scheduled", "firstToken", "finish"] as const) {
    expect(largestDifference(skipping[column], stepwise[column]), column).toBeLessThan(TOLERANCE);
  }
}

test("skipping decides and times as stepwise does, on any server and workload", () => {
  const seen = { preempted: 0, async: 0, priority: 0, skipped: 0 };
  fc.assert(
    fc.property(randomServer, ({ config, workload, cost }) => {
      const logs = {
        skipping: new DecisionLog(),
        stepwise: new DecisionLog(),
        ahead: new DecisionLog(),
      };
      let planned = 0;
      const skipping = serve(workload, config, {
        cost,
        series: true,
        observe: (core, repeats) => {
          planned++;
          logs.skipping.observe(core, repeats);
        },
      });
      const stepwise = serve(workload, config, {
        cost,
        stepping: "stepwise",
        series: true,
        observe: logs.stepwise.observe,
      });
      expect(logs.skipping.lines).toEqual(logs.stepwise.lines);
      expectSame(skipping, stepwise);
      // Without series it runs ahead of finishes.
      const ahead = serve(workload, config, { cost, observe: logs.ahead.observe });
      expect(logs.ahead.lines).toEqual(logs.stepwise.lines);
      expectSameInstants(ahead, stepwise);
      seen.preempted += skipping.preemptions.some((count) => count > 0) ? 1 : 0;
      seen.async += config.async_scheduling ? 1 : 0;
      seen.priority += config.scheduling_policy === "priority" ? 1 : 0;
      seen.skipped += skipping.steps > 2 * planned ? 1 : 0;
      expect(skipping.state).not.toContain(OPEN);
    }),
    { numRuns: 2500 },
  );
  // The generator must reach what the test is about.
  expect(seen.preempted).toBeGreaterThan(300);
  expect(seen.skipped).toBeGreaterThan(500);
  expect(Math.min(seen.async, seen.priority)).toBeGreaterThan(800);
}, 600_000);

test(
  "skipping decides as stepwise does among equal arrivals, evicting for ever where it does",
  () => {
    let endless = 0;
    fc.assert(
      fc.property(randomServer, ({ config, workload }) => {
        const { arrival, promptTokens, outputTokens, priority } = workload;
        const scenario = {
          id: "random",
          vllm: "",
          config: ServerFields.parse(config),
          arrivalStep: Int32Array.from(arrival, (seconds) => Math.floor(20 * seconds)),
          promptTokens,
          outputTokens,
          priority: priority!,
          steps: [],
        };
        const [skipping, stepwise] = [SkippingCore, StepwiseCore].map((Core) => {
          try {
            return replay(scenario, Core, 40_000);
          } catch (error) {
            return String(error);
          }
        });
        if (typeof skipping === "string") {
          endless++;
          expect(skipping).toBe(stepwise);
        } else expect(firstDifference(skipping, stepwise as typeof skipping)).toBeNull();
      }),
      { numRuns: 600 },
    );
    // Equal priority and arrival, prompts in chunks, no reserve: vLLM's own scheduler does it too.
    expect(endless).toBeLessThan(30);
  },
  600_000,
);
