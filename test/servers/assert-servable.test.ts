import { expect, test } from "vitest";
import { serve } from "../../src/servers/continuous/serve.ts";
import { L4_QWEN15_1_8B_SERVER } from "../../src/servers/continuous/presets.ts";
import { simulate } from "../../src/paper/simulate.ts";
import { L4_QWEN15_1_8B } from "../../src/servers/costs/presets.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import type { Workload } from "../../src/workload/workload.ts";

const paper = paperWorkload({ requests: 120 });

/** The paper's workload with one number of a column changed. */
function spoilt(column: "arrival" | "outputTokens", row: number, value: number): Workload {
  const arrival = paper.requests.arrival.slice();
  const outputTokens = paper.truth.outputTokens.slice();
  ({ arrival, outputTokens })[column][row] = value;
  return {
    ...paper,
    requests: { ...paper.requests, arrival },
    truth: { ...paper.truth, outputTokens },
  };
}

test.each([NaN, Infinity, -1, 0])(
  "an arrival of %d in the middle is refused, not waited for",
  (at) => {
    for (const dispatch of [undefined, { rule: "in-flight" } as const]) {
      expect(() => simulate(spoilt("arrival", 7, at), { dispatch }))
        .toThrow(/workload, row 8, field arrival: got .*, expected finite seconds since the start/);
    }
  },
);

test("an answer of no token is refused", () => {
  expect(() => simulate(spoilt("outputTokens", 3, 0)))
    .toThrow("workload, row 4, field outputTokens: got 0, expected at least 1 token");
});

test("a server without a gateway refuses the same", () => {
  const lengths = { promptTokens: Int32Array.of(8, 8), outputTokens: Int32Array.of(2, 2) };
  const options = { cost: L4_QWEN15_1_8B };
  const run = (arrival: Float64Array, outputTokens = lengths.outputTokens) => () =>
    serve({ ...lengths, outputTokens, arrival }, L4_QWEN15_1_8B_SERVER, options);
  expect(run(Float64Array.of(0, Infinity))).toThrow("row 2, field arrival: got Infinity");
  expect(run(Float64Array.of(1, 0.5))).toThrow("row 2, field arrival: got 0.5");
  expect(run(Float64Array.of(0, 1), Int32Array.of(2, 0))).toThrow("row 2, field outputTokens");
});

test("phases have clocks of their own", () => {
  expect(paper.requests.arrival[100]).toBeLessThan(paper.requests.arrival[99]);
  expect(() => simulate(paper)).not.toThrow();
});
