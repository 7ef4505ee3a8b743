import { expect, test } from "vitest";
import { estimationError } from "../../src/analysis/estimation-error.ts";
import { byPhase, byTier, everyone, latePart } from "../../src/analysis/groups.ts";
import { latencyOf, latencyStatistics } from "../../src/analysis/latency.ts";
import { type MeasureKey, measureName, parseMeasure } from "../../src/analysis/measure-key.ts";
import { summarizeRun } from "../../src/analysis/summarize-run.ts";
import { beliefOf, believedCategory } from "../../src/runs/beliefs.ts";
import type { Run } from "../../src/runs/run.ts";
import { POLICIES } from "../../src/policies/registry.ts";
import { simulate } from "../../src/paper/simulate.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { handWorkload } from "../support/workloads.ts";

const ERRORS = ["mae", "rmse", "bias", "mape", "relative_mae"];
const STATISTICS = ["mean", "p50", "p90", "p95", "p99", "max"];
const CATEGORIES = ["short_qa", "summary", "technical", "report"];
const TIERS = ["premium", "standard", "batch"];

const workload = paperWorkload({ seed: 4, requests: 400 });
const run = simulate(workload, { scheduler: { policy: "sjf" } });

function valueOf(of: Run, key: MeasureKey): number {
  const { names, values } = summarizeRun(of);
  const at = names.indexOf(measureName(key));
  if (at < 0) throw new Error(`no ${measureName(key)}`);
  return values[at];
}

test("the names of the paper's workload are these, in this order, each once", () => {
  const phases = ["learning", "stress"];
  const within = (part: string, names: readonly string[]) =>
    names.map((name) => `[${part}=${name}]`);
  const errorGroups = [
    "",
    ...within("phase", phases),
    "[part=late]",
    ...within("category", CATEGORIES),
    ...within("tier", TIERS),
  ];
  const latencyGroups = [
    "",
    ...within("phase", phases),
    ...within("tier", TIERS),
    ...within("phase=stress,tier", TIERS),
  ];
  const wanted = [
    ...errorGroups.flatMap((group) => ERRORS.map((error) => `${error}${group}`)),
    ...latencyGroups.flatMap((group) =>
      ["wait", "inference", "e2e"].flatMap((latency) =>
        STATISTICS.map((statistic) => `${latency}.${statistic}${group}`)
      )
    ),
    ...within("category", CATEGORIES).map((category) => `factor${category}`),
    "cap_share",
    "units_per_token",
    "makespan",
  ];
  const { names, values } = summarizeRun(run);
  expect(names).toEqual(wanted);
  expect(new Set(names).size).toBe(names.length);
  expect(values.length).toBe(names.length);
});

test("every policy, counting and calibration gives the same names", () => {
  const { names } = summarizeRun(run);
  for (const policy of POLICIES.names) {
    for (const counting of ["split", "tokenizer"] as const) {
      for (const calibrator of ["none", "ema"]) {
        const scheduler = { policy, estimator: { options: { counting, calibrator } } };
        expect(summarizeRun(simulate(workload, { scheduler })).names).toEqual(names);
      }
    }
  }
});

test("a workload of one phase has no groups of phases", () => {
  const { names } = summarizeRun(simulate(paperWorkload({ requests: 60 })));
  expect(names.filter((name) => name.includes("learning"))).toEqual([]);
  expect(names).toContain("e2e.p99[tier=batch]");
});

test("each number is what its name says", () => {
  const [, stress] = byPhase(run);
  const [, , batch] = byTier(run, stress);
  expect(valueOf(run, { measure: "mae" })).toBe(estimationError(run, everyone(run).rows).mae);
  expect(valueOf(run, { measure: "rmse", part: "late" })).toBe(
    estimationError(run, latePart(run).rows).rmse,
  );
  expect(valueOf(run, { measure: "bias", phase: "stress" })).toBe(
    estimationError(run, stress.rows).bias,
  );
  expect(valueOf(run, { measure: "e2e", statistic: "p99", phase: "stress" }))
    .toBe(latencyStatistics(latencyOf(run, "e2e", stress.rows)).p99);
  expect(valueOf(run, { measure: "wait", statistic: "max", phase: "stress", tier: "batch" }))
    .toBe(latencyStatistics(latencyOf(run, "wait", batch.rows)).max);
  expect(valueOf(run, { measure: "makespan" })).toBe(Math.max(...run.finish));
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  const shares = Array.from(run.outputTokens, (n, i) => n / run.requests.maxTokens[i]);
  expect(valueOf(run, { measure: "cap_share" })).toBeCloseTo(sum(shares) / run.size, 12);
  expect(valueOf(run, { measure: "units_per_token" }))
    .toBe(sum(workload.truth.outputWords!) / sum(workload.truth.outputTokens));
});

test("without latencies everything else stays as it was", () => {
  const whole = summarizeRun(run), short = summarizeRun(run, { latencies: false });
  const others = whole.names.filter((name) => !/^(wait|inference|e2e)\./.test(name));
  expect(short.names).toEqual(others);
  expect([...short.values]).toEqual(others.map((name) => whole.values[whole.names.indexOf(name)]));
});

test("a factor is the one after the last answer that was learned from, not after the last row", () => {
  const last = (category: number) => {
    const rows = [...Array(run.size).keys()].filter((row) =>
      believedCategory(run).codes[row] === category
    );
    const latest = rows.reduce((a, b) => run.feedbackPlace[b] > run.feedbackPlace[a] ? b : a);
    return { latest, factor: beliefOf(run, "factorAfter")[latest], final: rows.at(-1)! };
  };
  CATEGORIES.forEach((name, code) => {
    expect(valueOf(run, { measure: "factor", category: name })).toBe(last(code).factor);
  });
  // Under SJF the last to be learned from is not the last to arrive: the test would see a mix-up.
  expect(CATEGORIES.some((_, code) => last(code).latest !== last(code).final)).toBe(true);
});

test("a category that nobody asked for has factor 1 and no error", () => {
  const one = simulate(handWorkload({ arrival: [0], category: [1] }), {
    scheduler: { estimator: { options: { counting: "tokenizer" } } },
  });
  expect(valueOf(one, { measure: "factor", category: "report" })).toBe(1);
  expect(valueOf(one, { measure: "factor", category: "summary" })).toBeLessThan(1);
  expect(valueOf(one, { measure: "mae", category: "report" })).toBeNaN();
});

test("categories, tiers and phases called like groups of their own do not collide", () => {
  const plain = handWorkload({
    arrival: [0, 1, 0, 1],
    phases: [
      { name: "all", first: 0, afterDrainSeconds: 0 },
      { name: "late", first: 2, afterDrainSeconds: 0 },
    ],
  });
  const labels = { codes: Uint8Array.of(0, 1, 0, 1), names: ["late", "all"] };
  const named = { ...plain, requests: { ...plain.requests, category: labels, tier: labels } };
  const { names } = summarizeRun(
    simulate(named, { scheduler: { estimator: { options: { counting: "tokenizer" } } } }),
    { starvation: true },
  );
  expect(new Set(names).size).toBe(names.length);
  expect(names.map((name) => measureName(parseMeasure(name)))).toEqual(names);
});
