import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EstimatorDefinition } from "../../src/estimation/estimator.ts";
import { calibrated } from "../../src/estimation/estimators/calibrated.ts";
import { ESTIMATORS } from "../../src/estimation/registry.ts";
import { PAPER_ESTIMATE } from "../../src/paper/estimate.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { choose } from "../../src/registry/choice.ts";
import { oracleOf } from "../../src/simulation/oracle.ts";

const { requests, truth } = paperWorkload({ seed: 12, requests: 60 });

/** Every member with its defaults; the paper's, which learns; and the one that a server hands out. */
const CASES: readonly (readonly [string, EstimatorDefinition, object])[] = [
  ...ESTIMATORS.all.map((definition) => [definition.name, definition, {}] as const),
  ["the paper's", calibrated as EstimatorDefinition, PAPER_ESTIMATE],
  ["oracle", oracleOf(truth), {}],
];

const event = fc.record({
  request: fc.nat(requests.size - 1),
  length: fc.integer({ min: 1, max: 900 }),
  atLeast: fc.boolean(),
});
const events = fc.array(event, { maxLength: 60 });

describe.each(CASES)("%s", (_name, definition, given) => {
  const { options } = choose(
    { definition, options: given as Record<string, unknown> },
    { registry: ESTIMATORS, standard: definition, file: "test" },
  );
  const make = (of = requests) => definition.create(of, options);
  const probabilities = definition.probabilities ?? [];
  const ask = (estimator: ReturnType<typeof make>, request: number, now = 0) => {
    const into = {
      mean: NaN,
      ...probabilities.length > 0 && { quantiles: new Float64Array(probabilities.length) },
    };
    estimator.estimate(request, now, into);
    return into;
  };

  test("estimates a finite length of at least 0, whatever it was told, its quantiles ascending", () => {
    expect([...probabilities]).toEqual(probabilities.toSorted((a, b) => a - b));
    fc.assert(fc.property(events, (told) => {
      const estimator = make();
      told.forEach(({ request, ...observed }, i) => {
        ask(estimator, request, i);
        estimator.learn(request, observed, i);
      });
      for (let request = 0; request < requests.size; request++) {
        const { mean, quantiles = new Float64Array(0) } = ask(estimator, request, told.length);
        expect(mean > 0 && mean < Infinity, `mean ${mean}`).toBe(true);
        expect([...quantiles]).toEqual([...quantiles].sort((a, b) => a - b));
        expect(quantiles.every((value) => value >= 0 && value < Infinity)).toBe(true);
      }
    }));
  });

  test("says the same when it is told the same, and when it is only asked", () => {
    fc.assert(fc.property(events, (told) => {
      const [one, other] = [make(), make()];
      told.forEach(({ request, ...observed }, i) => {
        const before = ask(one, request, i);
        for (let again = 0; again < 3; again++) ask(one, (request + again) % requests.size, i);
        expect(ask(one, request, i)).toEqual(before);
        expect(ask(other, request, i)).toEqual(before);
        one.learn(request, observed, i);
        other.learn(request, observed, i);
        expect(one.factors?.()).toEqual(other.factors?.());
      });
    }));
  });

  test("knows nothing of a request that the requests do not say: no other answer, no later one", () => {
    const seen = new Set<string>();
    const guarded = new Proxy(requests, {
      get(target, key) {
        seen.add(String(key));
        return Reflect.get(target, key);
      },
    });
    const estimator = make(guarded);
    for (let request = 0; request < requests.size; request++) ask(estimator, request);
    for (const key of seen) expect(Object.keys(requests)).toContain(key);
  });

  test("names its unit, its factors, which are positive, and beliefs with a value a request", () => {
    const estimator = make();
    expect(["tokens", "words"]).toContain(estimator.unit);
    for (const [name, factor] of Object.entries(estimator.factors?.() ?? {})) {
      expect(name.length).toBeGreaterThan(0);
      expect(factor).toBe(1);
    }
    for (const [name, belief] of Object.entries(estimator.beliefs ?? {})) {
      expect([name, ("codes" in belief ? belief.codes : belief).length])
        .toEqual([name, requests.size]);
    }
    expect(definition.name.length).toBeGreaterThan(0);
  });
});

test("the oracle says how long each answer is, and unlearns nothing", () => {
  const oracle = oracleOf(truth).create(requests, {});
  const into = { mean: NaN };
  for (let request = 0; request < requests.size; request++) {
    oracle.learn(request, { length: 1, atLeast: false }, 0);
    oracle.estimate(request, 0, into);
    expect(into.mean).toBe(truth.outputTokens[request]);
  }
  expect(ESTIMATORS.get("oracle")).toBeUndefined();
});

test("the names of members and their titles are each used once", () => {
  expect(new Set(ESTIMATORS.names).size).toBe(ESTIMATORS.names.length);
  const titles = ESTIMATORS.all.map(({ name, title = name }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});
