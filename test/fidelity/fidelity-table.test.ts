import { expect, test } from "vitest";
import { fidelityTable } from "../../src/fidelity/fidelity-table.ts";
import { byMetric } from "../../src/fidelity/run-metrics.ts";
import { handFidelity } from "./support/hand-fidelity.ts";

test("eight metrics a run, measured beside simulated, and the error where there is one", () => {
  const found = handFidelity({ e2e_p50: 50, e2e_p99: -25, makespan_s: 0 });
  const unknown = { ...found, ttft_p50: { measured: 0, simulated: 1, error_pct: null } };
  const intervals = {
    ...{ level: 0.9, assumed: [], samples: byMetric(() => new Float64Array()) },
    metrics: byMetric(() => ({ predicted: 1, low: 0.9, high: 1.1 })),
  };
  const rows = fidelityTable([
    { run: "a", fidelity: found, intervals },
    {
      run: "b",
      fidelity: unknown,
      intervals: { ...intervals, metrics: byMetric(() => ({ predicted: 2, low: 1.9, high: 2 })) },
    },
  ]).objects() as { run: string; metric: string }[];
  expect(rows).toHaveLength(16);
  const of = (run: string, metric: string) =>
    rows.find((row) => row.run === run && row.metric === metric);
  expect(of("a", "e2e_p50")).toEqual(
    {
      ...{ run: "a", metric: "e2e_p50", measured: 1, simulated: 1.5, error: "+50.0\u00a0%" },
      ...{ low: 0.9, high: 1.1, inside: "yes" },
    },
  );
  expect(of("a", "e2e_p99")).toMatchObject({ simulated: 0.75, error: "−25.0\u00a0%" });
  expect(of("b", "ttft_p50")).toMatchObject({ measured: 0, simulated: 1, error: "", inside: "no" });
});
