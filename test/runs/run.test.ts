import { expect, test } from "vitest";
import { simulate } from "../../src/paper/simulate.ts";
import { isLabels } from "../../src/runs/beliefs.ts";
import { STATUSES } from "../../src/runs/run.ts";
import { paperWorkload } from "../../src/paper/workload.ts";

test("the terminal states are named once each, completed first", () => {
  expect(STATUSES).toEqual(["completed", "failed", "rejected", "cancelled"]);
});

test("every column of a run has a value for every request", () => {
  const workload = paperWorkload({ requests: 200 });
  const run = simulate(workload);
  const { requests, provenance: _, phaseStart, beliefs, size, ...columns } = run;
  expect(requests).toBe(workload.requests);
  expect(size).toBe(200);
  expect(phaseStart.length).toBe(2);
  expect(Object.keys(beliefs).sort()).toEqual([
    "base",
    "category",
    "factor",
    "factorAfter",
    "factorBefore",
    "inputFactor",
    "ratio",
    "safetyFactor",
  ]);
  const believed = Object.entries(beliefs).map(([name, column]) =>
    [name, isLabels(column) ? column.codes : column] as const
  );
  for (const [name, column] of [...Object.entries(columns), ...believed]) {
    expect([name, column.length]).toEqual([name, size]);
    // A micro-batch hands its answers over whole: nobody sees a first token.
    const absent = name === "firstToken";
    expect([name, column.some((value) => Number.isNaN(value))]).toEqual([name, absent]);
    // This server has no prefix cache that could say what it found.
    const unknown = name === "cachedTokens";
    expect([name, column.some((value) => value < 0)]).toEqual([name, unknown]);
  }
});

test("provenance survives JSON, so that a run can be made again from its file", () => {
  const { provenance } = simulate(paperWorkload({ seed: 9, requests: 120 }), {
    scheduler: { policy: "weighted" },
  });
  const kept = JSON.parse(JSON.stringify(provenance));
  expect(kept).toEqual(provenance);
  const again = simulate(paperWorkload(kept.workload.parameters), { scheduler: kept.scheduler });
  expect(again.provenance).toEqual(provenance);
});
