import { beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { loadArenaTrace } from "../../../src/files/load-arena.ts";
import { capLengths } from "../../../src/workload/transforms/cap-lengths.ts";
import { mapTenants } from "../../../src/workload/transforms/map-tenants.ts";
import { mapTiers } from "../../../src/workload/transforms/map-tiers.ts";
import { mergeWorkloads } from "../../../src/workload/transforms/merge-workloads.ts";
import { repeatWorkload } from "../../../src/workload/transforms/repeat-workload.ts";
import { scaleToRate, scaleToUtilisation } from "../../../src/workload/transforms/scale-to-rate.ts";
import { splitByTime } from "../../../src/workload/transforms/split-by-time.ts";
import { spreadTimes } from "../../../src/workload/transforms/spread-times.ts";
import { thin } from "../../../src/workload/transforms/thin.ts";
import { timeWindow } from "../../../src/workload/transforms/time-window.ts";
import { phaseEnd, type Workload } from "../../../src/workload/workload.ts";
import { everything } from "./support/everything.ts";
import { smallWorkload } from "./support/small-workload.ts";

const shares = { premium: 1, standard: 2, batch: 1 };
const TRANSFORMS: readonly (readonly [string, (workload: Workload) => Workload])[] = [
  ["scaleToRate", (workload) => scaleToRate(workload, 7)],
  [
    "scaleToUtilisation",
    (workload) => scaleToUtilisation(workload, { utilisation: 0.5, capacity: 3 }),
  ],
  [
    "timeWindow",
    (workload) => timeWindow(workload, { from: 1, to: 5, phase: workload.requests.phases[0].name }),
  ],
  ["thin by request", (workload) => thin(workload, { keep: 0.6 })],
  ["thin by tenant", (workload) => thin(workload, { keep: 0.6, by: "tenant", seed: 4 })],
  ["repeatWorkload", (workload) => repeatWorkload(workload, { times: 3, jitterSeconds: 2 })],
  ["mergeWorkloads", (workload) => mergeWorkloads([workload, workload])],
  ["mapTiers by shares", (workload) => mapTiers(workload, { rule: "shares", shares })],
  ["mapTiers per request", (workload) => mapTiers(workload, { rule: "per-request", shares })],
  ["mapTenants", (workload) => mapTenants(workload, { rule: "per-request", shares })],
  ["capLengths, truncate", (workload) => capLengths(workload, { contextTokens: 9 })],
  ["capLengths, drop", (workload) => capLengths(workload, { contextTokens: 9, over: "drop" })],
  ["splitByTime", (workload) => splitByTime(workload, { share: 0.5 }).test],
  ["spreadTimes", (workload) => spreadTimes(workload, { spread: "uniform" })],
];
/** Transforms that refuse several phases. */
const ONE_PHASE = ["mergeWorkloads", "splitByTime", "spreadTimes"];

let arena: Workload;
beforeAll(async () => {
  arena = (await loadArenaTrace()).workload;
});

/** A copy that shares no column with the original; functions have no copy. */
function deepCopy({ requests: { promptText: _, ...requests }, ...rest }: Workload) {
  return structuredClone({ ...rest, requests });
}

function expectSound({ requests, truth, provenance }: Workload): void {
  const { size, arrival, phases } = requests;
  const columns = [
    arrival,
    requests.tenant.codes,
    requests.tier.codes,
    requests.category.codes,
    requests.maxTokens,
    requests.promptTokens,
    truth.outputTokens,
    ...requests.promptWords ? [requests.promptWords] : [],
    ...truth.outputWords ? [truth.outputWords] : [],
    ...requests.session ? [requests.session.codes] : [],
  ];
  for (const column of columns) expect(column.length).toBe(size);
  if (requests.promptBlocks) expect(requests.promptBlocks.offsets.length).toBe(size + 1);
  for (const { codes, names } of [requests.tenant, requests.tier, requests.category]) {
    expect(codes.every((code) => code < names.length)).toBe(true);
  }
  expect(phases[0].first).toBe(0);
  phases.forEach((phase, index) => {
    const end = phaseEnd(requests, index);
    for (let i = phase.first; i < end; i++) {
      expect(arrival[i]).toBeGreaterThanOrEqual(i === phase.first ? 0 : arrival[i - 1]);
    }
  });
  for (let i = 0; i < size; i++) {
    expect(truth.outputTokens[i]).toBeGreaterThanOrEqual(1);
    expect(truth.outputTokens[i]).toBeLessThanOrEqual(requests.maxTokens[i]);
  }
  expect(provenance.steps!.length).toBeGreaterThan(0);
}

describe.each(TRANSFORMS)("%s", (name, transform) => {
  test("leaves its input alone, gives a sound workload, twice the same, and says what it did", () => {
    for (const make of [everything, smallWorkload, () => arena]) {
      const workload = make();
      if (ONE_PHASE.includes(name) && workload.requests.phases.length > 1) {
        expect(() => transform(workload)).toThrow(InputError);
        expect(() => transform(workload)).toThrow(
          `${name}, field phases: got ["first","second"], expected one phase`,
        );
        continue;
      }
      const before = deepCopy(workload);
      const after = transform(workload);
      expect(deepCopy(workload)).toEqual(before);
      expectSound(after);
      expect(deepCopy(transform(workload))).toEqual(deepCopy(after));
      const steps = workload.provenance.steps ?? [];
      if (name !== "mergeWorkloads") {
        expect(after.provenance.steps!.slice(0, steps.length)).toEqual(steps);
        expect(after.provenance.steps!.length).toBe(steps.length + 1);
        expect(after.provenance.source).toBe(workload.provenance.source);
      }
    }
  });
});
