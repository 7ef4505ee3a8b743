import { expect, test } from "vitest";
import { simulate } from "../../src/simulation/simulate.ts";
import { SWITCHES, switchGrid } from "../../src/paper/switches.ts";
import { makeWorkload } from "../../src/sweeps/workload-source.ts";
import { worldMapGrid } from "../../src/paper/world-map.ts";

test("a map crosses lengths with words per token and seeds, and each cell lives in its world", () => {
  const { cells } = worldMapGrid({
    meanFractions: [0.3, 2],
    wordsPerToken: [0.5, 1],
    seeds: 2,
    workload: { requests: 600 },
  });
  expect(cells.length).toBe(16);
  cells.forEach(({ workload: source, labels: { meanFraction, wordsPerToken } }) => {
    const { truth, requests } = makeWorkload(source);
    const sum = (values: ArrayLike<number>) =>
      Array.from(values).reduce((total, value) => total + value, 0);
    expect(sum(truth.outputWords!) / sum(truth.outputTokens)).toBeCloseTo(Number(wordsPerToken), 1);
    const shareOfCap = sum(truth.outputTokens) / sum(requests.maxTokens);
    if (meanFraction === 0.3) expect(shareOfCap).toBeCloseTo(0.3, 1);
    else expect(shareOfCap).toBeGreaterThan(0.99);
  });
});

test("worlds of a map share arrivals, tenants and prompts seed by seed", () => {
  const { cells } = worldMapGrid({
    meanFractions: [0.3, 2],
    wordsPerToken: [0.5, 1],
    seeds: 1,
    workload: { requests: 200 },
  });
  const [first, ...others] = cells.map(({ workload }) => makeWorkload(workload).requests);
  for (const other of others) {
    expect(other.arrival).toEqual(first.arrival);
    expect(other.tier).toEqual(first.tier);
    expect(other.promptTokens).toEqual(first.promptTokens);
  }
});

test("named worlds carry their label and their own seeds", () => {
  const { cells } = worldMapGrid({
    meanFractions: [],
    named: [
      { label: "here", workload: { requests: 100 } },
      { label: "there", workload: { requests: 100, capIsClamp: false } },
    ],
    seeds: 2,
  });
  expect(cells.map(({ workload }) => makeWorkload(workload).provenance.seed))
    .toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  expect(cells.map(({ labels: { world } }) => world)).toEqual([
    ...Array(4).fill("here"),
    ...Array(4).fill("there"),
  ]);
});

test("every switch but the reference changes what happens, and each is described", () => {
  expect(new Set(SWITCHES.map(({ name }) => name)).size).toBe(SWITCHES.length);
  const { cells } = switchGrid({ seeds: 1, workload: { requests: 400 } });
  expect(cells.map(({ labels }) => labels.switch)).toEqual(
    SWITCHES.flatMap(({ name }) => Array(4).fill(name)),
  );
  // Calibration on under SJF, where feedback order matters most.
  const telling = cells.filter(({ labels }) =>
    labels.policy === "sjf" && labels.calibration === "ema"
  );
  const outcomes = telling.map(({ workload, options }) =>
    [...simulate(makeWorkload(workload), options).estimatedOutput].join()
  );
  expect(new Set(outcomes).size).toBe(SWITCHES.length);
  for (const { description } of SWITCHES) expect(description.length).toBeGreaterThan(10);
});
