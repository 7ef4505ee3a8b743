import { describe, expect, test } from "vitest";
import { simulate } from "../../../src/paper/simulate.ts";
import { generateWorkload } from "../../../src/workload/generators/generate-workload.ts";
import type { WorkloadSpecInput } from "../../../src/workload/generators/workload-spec.ts";
import { correlation } from "../../../src/statistics/correlation.ts";
import { mean } from "../../../src/statistics/quantile.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { anyClass, type Stream } from "./support/generate.ts";

const chat: Stream = {
  arrivals: { process: "poisson", rate: 5 },
  classes: [
    {
      tenant: "a",
      tier: "batch",
      category: "short",
      weight: 3,
      prompt: { model: "lognormal", mean: 300, cv: 1 },
      output: { model: "lognormal", mean: 100, cv: 0.5 },
    },
    {
      tenant: "b",
      tier: "premium",
      category: "long",
      prompt: { model: "lognormal", mean: 1000, cv: 1 },
      output: { model: "lognormal", mean: 500, cv: 0.5 },
      correlation: 0.4,
    },
  ],
};
const make = (spec: Partial<WorkloadSpecInput> = {}) =>
  generateWorkload({ requests: 4000, streams: [chat], ...spec });

describe("common random numbers", () => {
  const base = make();
  const [first, second] = chat.classes;

  test("same spec, same workload; another seed, another", () => {
    expect(make()).toEqual(base);
    const other = make({ seed: 2 });
    expect(other.requests.arrival).not.toEqual(base.requests.arrival);
    expect(other.requests.promptTokens).not.toEqual(base.requests.promptTokens);
    expect(other.truth.outputTokens).not.toEqual(base.truth.outputTokens);
    expect(other.requests.category.codes).not.toEqual(base.requests.category.codes);
  });

  test("another arrival process leaves all that is not arrival alone", () => {
    const { requests, truth } = make({
      streams: [{ ...chat, arrivals: { process: "gamma", rate: 9, cv: 3 } }],
    });
    expect(requests.arrival).not.toEqual(base.requests.arrival);
    expect(requests.category).toEqual(base.requests.category);
    expect(requests.promptTokens).toEqual(base.requests.promptTokens);
    expect(truth).toEqual(base.truth);
  });

  test("other answers leave arrivals, classes and prompts alone, and keep their draws", () => {
    const twice = { model: "lognormal", mean: 200, cv: 0.5, max: 3000 } as const;
    const { requests, truth } = make({
      streams: [{ ...chat, classes: [{ ...first, output: twice }, second] }],
    });
    expect(requests.arrival).toEqual(base.requests.arrival);
    expect(requests.category).toEqual(base.requests.category);
    expect(requests.promptTokens).toEqual(base.requests.promptTokens);
    truth.outputTokens.forEach((tokens, i) => {
      const before = base.truth.outputTokens[i];
      if (requests.category.codes[i] === 1) expect(tokens).toBe(before);
      else expect(Math.abs(tokens - 2 * before)).toBeLessThanOrEqual(1.5);
    });
  });

  test("other weights leave arrivals alone; a correlation leaves prompts alone", () => {
    const reweighted = make({ streams: [{ ...chat, classes: [{ ...first, weight: 1 }, second] }] });
    expect(reweighted.requests.arrival).toEqual(base.requests.arrival);
    const related = make({
      streams: [{ ...chat, classes: [{ ...first, correlation: 0.9 }, second] }],
    });
    expect(related.requests.promptTokens).toEqual(base.requests.promptTokens);
    expect(related.truth.outputTokens).not.toEqual(base.truth.outputTokens);
  });

  test("another stream leaves this one's requests as they were", () => {
    const named = { ...chat, name: "chat" };
    const alone = make({ streams: [named], requests: undefined, seconds: 300 });
    const both = make({
      streams: [
        { name: "noise", arrivals: { process: "poisson", rate: 7 }, classes: [anyClass] },
        named,
      ],
      requests: undefined,
      seconds: 300,
    });
    const { tenant } = both.requests;
    const own = Array.from(tenant.codes.keys()).filter((i) =>
      tenant.names[tenant.codes[i]] !== "default"
    );
    expect(own.length).toBe(alone.requests.size);
    expect(own.length).toBeLessThan(both.requests.size);
    expect(Float64Array.from(own, (i) => both.requests.arrival[i])).toEqual(alone.requests.arrival);
    expect(Int32Array.from(own, (i) => both.truth.outputTokens[i])).toEqual(
      alone.truth.outputTokens,
    );
    expect(both.requests.arrival.every((t, i, all) => i === 0 || t >= all[i - 1])).toBe(true);
  });

  test("columns are not correlated with one another", () => {
    const { requests, truth } = make({
      requests: 20_000,
      streams: [{
        ...chat,
        classes: [{ ...first, weight: 1 }, { ...first, category: "long" }],
      }],
    });
    const columns = [
      requests.arrival.map((t, i) => i === 0 ? t : t - requests.arrival[i - 1]),
      requests.category.codes,
      requests.promptTokens,
      truth.outputTokens,
    ];
    columns.forEach((x, i) =>
      columns.slice(i + 1).forEach((y, j) =>
        expect(Math.abs(correlation(x, y)), `${i}, ${i + 1 + j}`).toBeLessThan(
          4 / Math.sqrt(20_000),
        )
      )
    );
  });
});

test("shares are the weights, and tiers are in the order of their urgency", () => {
  const { requests } = make({ requests: 20_000 });
  expect(requests.tier.names).toEqual(["premium", "batch"]);
  expect(requests.tenant.names).toEqual(["a", "b"]);
  const share = requests.tenant.codes.filter((code) => code === 0).length / 20_000;
  expect(Math.abs(share - 0.75)).toBeLessThan(4 * Math.sqrt(0.75 * 0.25 / 20_000));
  const row = requests.tenant.codes.indexOf(1);
  expect(requests.tier.names[requests.tier.codes[row]]).toBe("premium");
  expect(requests.category.names[requests.category.codes[row]]).toBe("long");
});

describe("how many", () => {
  test.each([0, 1, 1023, 1025])("%d requests", (requests) => {
    const workload = make({ requests });
    expect(workload.requests.size).toBe(requests);
    expect(workload.requests.arrival.length).toBe(requests);
    expect(workload.truth.outputTokens.length).toBe(requests);
    expect(workload.requests.tier.codes.length).toBe(requests);
  });

  test("all that arrives before the end, or the first of them", () => {
    const { requests } = make({ requests: undefined, seconds: 500 });
    expect(Math.abs(requests.size - 2500)).toBeLessThan(4 * 50);
    expect(requests.arrival.at(-1)).toBeLessThan(500);
    expect(requests.arrival.length).toBe(requests.size);
    expect(make({ requests: 10, seconds: 500 }).requests.arrival)
      .toEqual(requests.arrival.slice(0, 10));
    expect(make({ requests: 1e6, seconds: 500 }).requests.arrival).toEqual(requests.arrival);
  });

  test("as drawn, a workload runs", () => {
    const run = simulate(make({ requests: 300 }), {
      scheduler: { policy: "sjf", estimator: { options: { counting: "tokenizer" } } },
    });
    expect(run.finish.every((time, i) => time > run.arrival[i])).toBe(true);
  });
});

describe("caps", () => {
  const capped = (rest: object, spec: Partial<WorkloadSpecInput> = {}) =>
    make({
      streams: [{
        ...chat,
        classes: [{
          prompt: { model: "constant", tokens: 900 },
          output: { model: "uniform", min: 1, max: 200 },
          ...rest,
        }],
      }],
      ...spec,
    });
  const caps = ({ requests }: Workload) => [...new Set(requests.maxTokens)];

  test("are the longest answer that a class can have, unless said", () => {
    expect(caps(capped({}))).toEqual([200]);
    expect(caps(capped({ output: { model: "lognormal", mean: 9, cv: 1 } }))).toEqual([4096]);
    const cut = capped({ maxTokens: 50 });
    expect(caps(cut)).toEqual([50]);
    expect(Math.max(...cut.truth.outputTokens)).toBe(50);
    const many = cut.provenance.steps!.find((step) => step.includes("answers cut"))!;
    expect(Math.abs(parseInt(many) - 3000)).toBeLessThan(4 * Math.sqrt(750));
  });

  test("leave room for the prompt in the context", () => {
    const small = capped({}, { contextTokens: 1000 });
    expect(caps(small)).toEqual([100]);
    expect(small.provenance.steps!.join()).not.toContain("prompts cut");
    const tiny = capped({}, { contextTokens: 500 });
    expect(new Set(tiny.requests.promptTokens)).toEqual(new Set([499]));
    expect(new Set(tiny.truth.outputTokens)).toEqual(new Set([1]));
    expect(tiny.provenance.steps).toContain("4000 prompts cut to the context of 500 tokens");
  });
});

describe("concept drift", () => {
  const steady: Stream = {
    arrivals: { process: "constant", rate: 1 },
    classes: [
      { ...anyClass, category: "x", output: { model: "constant", tokens: 100 } },
      { ...anyClass, category: "y", output: { model: "constant", tokens: 10 } },
    ],
  };
  const outputs = (drift: WorkloadSpecInput["drift"]) => {
    const { requests, truth } = make({ requests: 200, streams: [steady], drift });
    return { requests, at: (second: number) => truth.outputTokens[second - 1], truth };
  };
  const base = outputs([]);
  /** Length of a second's request without drift. */
  const usual = base.at;

  test("step: from one instant until another, of one category", () => {
    const { at } = outputs([
      { drift: "step", atSeconds: 50, untilSeconds: 100, factor: 3, category: "x" },
    ]);
    for (let t = 1; t <= 200; t++) {
      expect(at(t)).toBe(usual(t) === 100 && t >= 50 && t < 100 ? 300 : usual(t));
    }
  });

  test("ramp: in a straight line, and stays", () => {
    const { at } = outputs([{ drift: "ramp", fromSeconds: 50, toSeconds: 150, factor: 5 }]);
    expect([49, 50, 100, 150, 199].map((t) => at(t) / usual(t))).toEqual([1, 1, 3, 5, 5]);
  });

  test("periodic: from 1 to the factor and back", () => {
    const { at } = outputs([{ drift: "periodic", fromSeconds: 20, periodSeconds: 40, factor: 3 }]);
    expect([10, 20, 30, 40, 50, 60, 80].map((t) => at(t) / usual(t))).toEqual([
      1,
      1,
      2,
      3,
      2,
      1,
      3,
    ]);
  });

  test("swap: each category has the other's lengths, and two swaps are none", () => {
    const swap = { drift: "swap", atSeconds: 100, categories: ["x", "y"] } as const;
    const { at, requests } = outputs([{ ...swap, categories: ["x", "y"] }]);
    expect(requests.category).toEqual(base.requests.category);
    for (let t = 1; t <= 200; t++) expect(at(t)).toBe(t < 100 ? usual(t) : 110 - usual(t));
    const back = outputs([
      { ...swap, categories: ["x", "y"] },
      { ...swap, atSeconds: 150, categories: ["y", "x"] },
    ]);
    for (let t = 150; t <= 200; t++) expect(back.at(t)).toBe(usual(t));
  });

  test("prompts drift where that is said, factors multiply, and the cap has room", () => {
    const { requests, truth } = outputs([
      { drift: "step", atSeconds: 100, factor: 2, of: "both" },
      { drift: "step", atSeconds: 100, factor: 3, of: "output", category: "x" },
    ]);
    expect([requests.promptTokens[10], requests.promptTokens[150]]).toEqual([100, 200]);
    expect(Math.max(...truth.outputTokens)).toBe(600);
  });

  test.each<[unknown, string]>([
    [{ drift: "step", atSeconds: 5, untilSeconds: 5, factor: 2 }, "untilSeconds: got 5"],
    [{ drift: "step", atSeconds: 5, factor: 0 }, "factor: got 0"],
    [
      { drift: "step", atSeconds: 5, factor: 2, category: "z" },
      'category: got "z", expected a category',
    ],
    [{ drift: "step", atSeconds: 5, factor: 2, tenant: "z" }, 'tenant: got "z", expected a tenant'],
    [{ drift: "ramp", fromSeconds: 9, toSeconds: 8, factor: 2 }, "toSeconds: got 8"],
    [{ drift: "swap", atSeconds: 1, categories: ["x", "x"] }, "categories"],
    [{ drift: "swap", atSeconds: 1, categories: ["x", "z"] }, 'categories.1: got "z"'],
  ])("refused by name: %j", (drift, message) => {
    expect(() => outputs([drift] as WorkloadSpecInput["drift"]))
      .toThrow(`workload spec, field drift.0.${message}`);
  });

  test("a swap without a partner in the stream is refused", () => {
    const alone = {
      ...steady,
      classes: [{ ...anyClass, category: "x", tenant: "t" }, { ...anyClass, category: "y" }],
    };
    expect(() =>
      make({ streams: [alone], drift: [{ drift: "swap", atSeconds: 1, categories: ["x", "y"] }] })
    ).toThrow('drift.0.categories: got ["x","y"], expected a class of category y for tenant t');
  });
});

describe("a spec is a plain value", () => {
  test("that survives a worker and JSON, with defaults or without", () => {
    const spec = { requests: 50, streams: [chat] } satisfies WorkloadSpecInput;
    const base = generateWorkload(spec);
    expect(generateWorkload(structuredClone(spec))).toEqual(base);
    expect(generateWorkload(JSON.parse(JSON.stringify(spec)))).toEqual(base);
    expect(generateWorkload(JSON.parse(JSON.stringify(base.provenance.parameters))))
      .toEqual(base);
  });

  test("of whose long columns provenance keeps the ends", () => {
    const seconds = Float64Array.from({ length: 1000 }, (_, i) => i);
    const { provenance } = make({
      requests: 5,
      streams: [{ arrivals: { process: "replayed", seconds }, classes: [anyClass] }],
    });
    expect(JSON.stringify(provenance)).toContain('{"n":1000,"sum":499500,"first":0,"last":999}');
  });

  test.each<[Partial<WorkloadSpecInput>, string]>([
    [{ requests: undefined }, "requests: got undefined, expected a number of requests, or seconds"],
    [{ requests: -1 }, "requests: got -1"],
    [{ seconds: 0 }, "seconds: got 0"],
    [{ seed: 0.5 }, "seed: got 0.5"],
    [{ streams: [] }, "streams: got []"],
    [{ streams: [{ ...chat, name: "1" }, chat] }, "streams.1.name: got undefined, expected a name"],
    [{ streams: [{ ...chat, classes: [{ ...anyClass, weight: 0 }] }] }, "streams.0.classes: got"],
    [
      { streams: [{ ...chat, classes: [{ ...anyClass, correlation: 2 }] }] },
      "streams.0.classes.0.correlation: got 2",
    ],
    [{ contextTokens: 1 }, "contextTokens: got 1"],
    [{ request: 5 } as object, "request: got 5, expected a known name"],
  ])("refused by name: %j", (spec, message) => {
    expect(() => make(spec)).toThrow(`workload spec, field ${message}`);
  });
});

test("lengths are those of tenant and category", () => {
  const { requests, truth } = make({ requests: 20_000 });
  for (const [code, expected] of [[0, 100], [1, 500]]) {
    const own = truth.outputTokens.filter((_, i) => requests.category.codes[i] === code);
    expect(Math.abs(mean(own) / expected - 1)).toBeLessThan(0.05);
  }
});
