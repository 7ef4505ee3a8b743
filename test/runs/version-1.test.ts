import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { readUnpacked } from "../../src/files/read-unpacked.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { simulate } from "../../src/paper/simulate.ts";
import { beliefOf, believedCategory } from "../../src/runs/beliefs.ts";
import { readRunJson } from "../../src/runs/read-run-json.ts";
import type { Run } from "../../src/runs/run.ts";
import { writeRunJson } from "../../src/runs/run-json.ts";

const FIXTURE = new URL("../fixtures/runs/version-1.run.json", import.meta.url);
const text = await Deno.readTextFile(FIXTURE);

/** All of a run but what version 1 did not know and what it says of how it came to be. */
function kept(run: Run) {
  const { promptText: _, ...requests } = run.requests;
  const unknown = ["scheduled", "server", "preemptions", "cachedTokens", "provenance"];
  const known = Object.entries(run).filter(([name]) => !unknown.includes(name));
  return { ...Object.fromEntries(known), requests };
}

test("a run that version 1 wrote comes back as the same run simulated today, to the bit", () => {
  const old = readRunJson(text, "version-1.run.json");
  const today = simulate(paperWorkload({ seed: 4, requests: 24 }), {
    scheduler: { policy: "sjf" },
  });
  expect(kept(old)).toEqual(kept(today));
});

test("what version 1 did not know is nothing, and not zero", () => {
  const old = readRunJson(text, "version-1.run.json");
  expect(new Set(old.scheduled)).toEqual(new Set([NaN]));
  for (const column of [old.server, old.preemptions, old.cachedTokens]) {
    expect(new Set(column)).toEqual(new Set([-1]));
  }
});

test("read and written it is a run of version 2, with its provenance as it was", () => {
  const old = readRunJson(text, "version-1.run.json");
  const again = writeRunJson(old);
  expect(JSON.parse(again).version).toBe(2);
  expect(readRunJson(again, "again")).toStrictEqual(old);
  expect(old.provenance).toEqual(JSON.parse(text).provenance);
});

/** A file of version 1 by hand: of two requests the second was refused before it was estimated. */
const byHand = {
  format: "driftsched run",
  version: 1,
  size: 2,
  provenance: { workload: { source: "by hand" }, scheduler: { policy: "fifo" }, engine: {} },
  phases: [{ name: "all", first: 0, afterDrainSeconds: 0 }],
  phaseStart: [0],
  requests: {
    tenant: { type: "uint8", names: ["a"], codes: [0, 0] },
    tier: { type: "uint8", names: ["t"], codes: [0, 0] },
    category: { type: "uint8", names: ["chat", "code"], codes: [0, 0] },
    arrival: [0, 1.5],
    maxTokens: [100, 100],
    promptTokens: [7, 8],
  },
  columns: {
    believedCategory: { type: "uint8", names: ["chat", "code"], codes: [1, 0] },
    status: [0, 2],
    arrival: [0, 1.5],
    start: [0.25, null],
    firstToken: [0.5, null],
    finish: [2, null],
    batch: [-1, -1],
    batchSize: [-1, -1],
    outputTokens: [40, -1],
    inputLength: [7, 8],
    estimatedOutput: [64, -1],
    actualOutput: [40, -1],
    totalBudget: [71, -1],
    baseTokens: [64, 512],
    bias: [1, null],
    safetyFactor: [1.2, 1],
    inputFactor: [1.007, 1.008],
    feedbackOld: [1, null],
    feedbackMeasured: [0.625, null],
    feedbackNew: [0.9625, null],
    feedbackPlace: [0, -1],
  },
};

test("its columns of one estimator are beliefs by name, and an estimate that was none is NaN", () => {
  const run = readRunJson(JSON.stringify(byHand), "hand");
  expect([...run.estimatedOutput]).toEqual([64, NaN]);
  expect([...run.actualOutput]).toEqual([40, -1]);
  expect(believedCategory(run)).toEqual({ codes: Uint8Array.of(1, 0), names: ["chat", "code"] });
  const beliefs = ["base", "factor", "safetyFactor", "inputFactor", "factorBefore", "ratio"];
  expect(beliefs.map((name) => [...beliefOf(run, name)])).toEqual([
    [64, 512],
    [1, NaN],
    [1.2, 1],
    [1.007, 1.008],
    [1, NaN],
    [0.625, NaN],
  ]);
  expect([...beliefOf(run, "factorAfter")]).toEqual([0.9625, NaN]);
  expect(Object.keys(run.beliefs)).toHaveLength(8);
  expect([...beliefOf(run, "no such belief")]).toEqual([NaN, NaN]);
  expect([...beliefOf(run, "toString")]).toEqual([NaN, NaN]);
});

test.each<[string, (file: typeof byHand) => void, string]>([
  [
    "a bad cell of a column that has another name now",
    ({ columns }) => columns.feedbackOld[1] = "x" as never,
    'hand, row 2, field columns.feedbackOld: got "x", expected a number',
  ],
  [
    "a believed category that is none",
    ({ columns }) => columns.believedCategory.codes[0] = 5,
    "row 1, field columns.believedCategory.codes: got 5, expected an integer from 0 to 1",
  ],
  [
    "a column of version 2",
    ({ columns }) => Object.assign(columns, { scheduled: [0, 0] }),
    "field columns.scheduled: got [0,0], expected a known name",
  ],
  [
    "a column that is missing",
    ({ columns }) => delete (columns as Partial<typeof columns>).bias,
    "field columns.bias: got undefined, expected an array",
  ],
])("%s is refused by the name that stands in the file", (_what, change, message) => {
  const file = structuredClone(byHand);
  change(file);
  const read = () => readRunJson(JSON.stringify(file), "hand");
  expect(read).toThrow(InputError);
  expect(read).toThrow(message);
});

test("the committed runs of a real server are of version 1, and are read", async () => {
  const folder = new URL("../../data/vllm_cpu_live/", import.meta.url);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".run.json.gz"));
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) {
    const text = new TextDecoder().decode(await readUnpacked(new URL(name, folder)));
    const { version, size, columns } = JSON.parse(text);
    const run = readRunJson(text, name);
    expect([version, run.size]).toEqual([1, size]);
    expect([...run.finish]).toEqual(columns.finish);
    expect([...beliefOf(run, "factor")]).toEqual(columns.bias);
  }
});
