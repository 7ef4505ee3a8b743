import { describe, expect, test } from "vitest";
import { loadArenaTrace } from "../../../../src/files/load-arena.ts";
import { readBundled } from "../../../../src/files/read-bundled.ts";
import { describeFit } from "../../../../src/workload/generators/fit/describe-fit.ts";
import {
  fitWorkload,
  type WorkloadFit,
} from "../../../../src/workload/generators/fit/fit-workload.ts";
import { generateWorkload } from "../../../../src/workload/generators/generate-workload.ts";
import type { WorkloadSpecInput } from "../../../../src/workload/generators/workload-spec.ts";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";
import { arrivalGaps } from "../../../../src/workload/statistics/arrivals.ts";
import { logCorrelation } from "../../../../src/statistics/correlation.ts";
import { ksDistance } from "../../../../src/statistics/kolmogorov-smirnov.ts";
import { summarizeWorkload } from "../../../../src/workload/statistics/summarize-workload.ts";
import { scaleTime } from "../../../../src/workload/transforms/scale-time.ts";
import type { Workload } from "../../../../src/workload/workload.ts";
import { smallWorkload } from "../../transforms/support/small-workload.ts";

const load = async (file: string) => (await readTrace(await readBundled(file))).workload;

/** Rows of the goodness by name. */
const byName = ({ goodness }: WorkloadFit) =>
  new Map(goodness.map((row) => [row.statistic, row] as const));

describe("real traces and what is generated in their place", () => {
  // What the original has is in the notes on the traces; all these have one tenant.
  test.each([
    ["azure_llm_2023/AzureLLMInferenceTrace_conv.csv.gz", {
      gap_cv: 1.09,
      idc_1s: 1.39,
      idc_10s: 4.0,
      idc_60s: 20.6,
    }],
    ["azure_llm_2023/AzureLLMInferenceTrace_code.csv.gz", {
      gap_cv: 13.2,
      idc_1s: 13.2,
      idc_10s: 71,
      idc_60s: 161,
    }],
    ["burstgpt/BurstGPT_1_first999.csv", {
      gap_cv: 5.2,
      idc_1s: 1.02,
      idc_10s: 1.28,
      idc_60s: 3.0,
    }],
  ])("%s: variation, dispersion and distributions are near", async (file, known) => {
    const trace = await load(file);
    const fit = fitWorkload(trace);
    const rows = byName(fit);
    for (const [name, value] of Object.entries(known)) {
      const row = rows.get(name)!;
      expect(Math.abs(row.original / value - 1), name).toBeLessThan(0.02);
      const near = name === "gap_cv" ? 0.15 : 0.25;
      expect(Math.abs(row.generated / row.original - 1), name).toBeLessThan(near);
    }
    // With a seed that the fit has not seen, measured here and not by the fit.
    const generated = generateWorkload({ ...fit.spec, seed: 99 });
    expect(ksDistance(arrivalGaps(trace.requests), arrivalGaps(generated.requests)))
      .toBeLessThan(0.1);
    expect(ksDistance(trace.requests.promptTokens, generated.requests.promptTokens))
      .toBeLessThan(0.06);
    expect(ksDistance(trace.truth.outputTokens, generated.truth.outputTokens)).toBeLessThan(0.06);
    const correlated = ({ requests, truth }: Workload) =>
      logCorrelation(requests.promptTokens, truth.outputTokens);
    expect(Math.abs(correlated(generated) - correlated(trace))).toBeLessThan(0.1);
    expect(Math.abs(generated.requests.size / trace.requests.size - 1)).toBeLessThan(0.1);
    expect(fit.misfits.filter((text) => !text.includes("change over the trace"))).toEqual([]);
    // It is another workload, not the trace again.
    const times = new Set(trace.requests.arrival);
    expect(generated.requests.arrival.filter((time) => times.has(time)).length).toBe(0);
  });

  test("a slice whose lengths change says so", async () => {
    const { misfits } = fitWorkload(await load("burstgpt/BurstGPT_1_first999.csv"));
    expect(misfits.join("\n")).toMatch(/lengths of answers change over the trace \(KS distance/);
  });

  test("clients keep their shares, their lengths and streams of their own", async () => {
    const { workload: trace } = await loadArenaTrace();
    const { spec, streams, misfits } = fitWorkload(trace, { streamRequests: 100 });
    expect(streams.map(({ requests }) => requests)).toEqual([296, 262, 199, 120, 623]);
    // The arena's clients burst within the same second, which independent ones don't: admitted.
    expect(misfits.map((text) => text.split(":")[0])).toEqual(["idc_1s"]);
    expect(fitWorkload(trace, { streamRequests: 1500 }).misfits).toEqual([]);
    const generated = generateWorkload({ ...spec, seed: 99 });
    const shares = new Map(
      summarizeWorkload(generated).tenants.map((each) => [each.name, each.share]),
    );
    for (const { name, share } of summarizeWorkload(trace).tenants) {
      const error = 5 * Math.sqrt(share / trace.requests.size) + 1e-3;
      expect(Math.abs((shares.get(name) ?? 0) - share), name).toBeLessThan(error);
    }
    const meanOf = ({ requests: { tenant }, truth }: Workload, name: string) => {
      const own = truth.outputTokens.filter((_, i) => tenant.names[tenant.codes[i]] === name);
      return own.reduce((sum, tokens) => sum + tokens, 0) / own.length;
    };
    for (const { name } of summarizeWorkload(trace).tenants.slice(0, 3)) {
      expect(Math.abs(meanOf(generated, name) / meanOf(trace, name) - 1), name).toBeLessThan(0.25);
    }
  });
});

describe("a generator is found again", () => {
  const source = {
    requests: 6000,
    streams: [{
      arrivals: { process: "gamma", rate: 2, cv: 1.8 },
      classes: [{
        tenant: "a",
        tier: "premium",
        category: "chat",
        prompt: { model: "lognormal", mean: 900, cv: 1.2 },
        output: { model: "zipf", exponent: 0.7, min: 5, max: 800 },
        correlation: 0.5,
        maxTokens: 1000,
      }],
    }],
  } satisfies WorkloadSpecInput;
  const fit = fitWorkload(generateWorkload(source));
  const [{ arrivals, classes: [found] }] = fit.spec.streams;

  test("its variation of gaps, in windows as coarse as there are, of one rate", () => {
    if (arrivals.process !== "windows") throw new Error(arrivals.process);
    expect(arrivals.rates.length).toBe(12);
    for (const rate of arrivals.rates) expect(Math.abs(rate - 2)).toBeLessThan(0.25);
    const cvs = arrivals.cv as number[];
    expect(Math.abs(cvs.reduce((sum, cv) => sum + cv, 0) / cvs.length - 1.8)).toBeLessThan(0.15);
  });

  test("its laws of lengths and their copula", () => {
    expect(found).toMatchObject({
      tenant: "a",
      tier: "premium",
      category: "chat",
      maxTokens: 1000,
    });
    expect(found.prompt).toMatchObject({ model: "lognormal" });
    const { mean, cv } = found.prompt as { mean: number; cv: number };
    expect(Math.abs(mean / 900 - 1)).toBeLessThan(0.06);
    expect(Math.abs(cv / 1.2 - 1)).toBeLessThan(0.06);
    expect(found.output).toMatchObject({ model: "zipf", min: 5 });
    expect((found.output as { exponent: number }).exponent).toBeCloseTo(0.7, 1);
    expect(found.correlation).toBeCloseTo(0.5, 1);
    expect(fit.misfits).toEqual([]);
  });

  test("the spec is a plain value, and the same trace and seed give the same", () => {
    expect(JSON.parse(JSON.stringify(fit.spec))).toEqual(fit.spec);
    expect(fitWorkload(generateWorkload(source))).toEqual(fit);
    expect(fitWorkload(generateWorkload(source), { seed: 5 }).spec.seed).toBe(5);
  });
});

describe("misfit is admitted", () => {
  const steady = {
    requests: 3000,
    streams: [{
      arrivals: { process: "poisson", rate: 5 },
      classes: [{
        prompt: { model: "lognormal", mean: 900, cv: 1 },
        output: { model: "lognormal", mean: 100, cv: 1 },
      }],
    }],
  } satisfies WorkloadSpecInput;

  test("of arrivals that come in batches", () => {
    const smooth = generateWorkload(steady);
    const arrival = smooth.requests.arrival.map((time) => 3 * Math.floor(time / 3));
    const fit = fitWorkload({ ...smooth, requests: { ...smooth.requests, arrival } });
    expect(fit.misfits.join("\n")).toMatch(/gap_ks: 0\.\d+ apart, more than 0\.1/);
    expect(fit.misfits.join("\n")).toMatch(/9\d % of the gaps are 0/);
    expect(byName(fit).get("gap_ks")!.within).toBe(false);
    expect(describeFit(fit)).toMatch(/gap_ks.*\(misfit\)[^]*Misfit: gap_ks/);
  });

  test("of lengths that drift", () => {
    const drifting = generateWorkload({
      ...steady,
      drift: [{ drift: "step", atSeconds: 300, factor: 3, of: "output" }],
    });
    const { misfits } = fitWorkload(drifting);
    expect(misfits.length).toBe(1);
    expect(misfits[0]).toContain("lengths of answers change");
  });

  test("of prompts that share prefixes", () => {
    const [stream] = steady.streams;
    const system = { tokens: { model: "constant", tokens: 512 } } as const;
    const sharing = generateWorkload({
      ...steady,
      streams: [{ ...stream, classes: [{ ...stream.classes[0], prompts: { system } }] }],
    });
    expect(fitWorkload(sharing).misfits.join("\n")).toMatch(
      /3\d(\.\d)? % of prompt tokens repeat an earlier prefix: generated prompts share nothing/,
    );
  });

  test("and only then: Poisson arrivals and lognormal lengths have none", () => {
    const fit = fitWorkload(generateWorkload(steady));
    expect(fit.misfits).toEqual([]);
    expect(describeFit(fit)).toContain("No misfit found.");
  });

  test("whatever the unit of time: a trace a thousand times slower is fitted alike", () => {
    const { streams, misfits } = fitWorkload(scaleTime(generateWorkload(steady), 1000));
    expect(misfits).toEqual([]);
    expect(streams[0].arrivals).toMatch(/^6 windows of \d{5,6} s, Gamma gaps of CV/);
  });
});

test("a trace that cannot be fitted is refused by name", () => {
  expect(() => fitWorkload(smallWorkload())).toThrow(
    'fitWorkload, field phases: got ["first","second"], expected one phase',
  );
  const one = { model: "constant", tokens: 1 } as const;
  const few = generateWorkload({
    requests: 19,
    streams: [{
      arrivals: { process: "poisson", rate: 5 },
      classes: [{ prompt: one, output: one }],
    }],
  });
  expect(() => fitWorkload(few)).toThrow("field size: got 19, expected at least 20");
  const atOnce: Workload = {
    ...few,
    requests: { ...few.requests, size: 30, arrival: new Float64Array(30) },
  };
  expect(() => fitWorkload(atOnce)).toThrow("field arrival: got 0");
  expect(() => fitWorkload(few, { trials: 0 })).toThrow("fitWorkload options, field trials: got 0");
});
