import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fromModule } from "../../src/files/from-module.ts";
import { textOf } from "../../src/reports/notebook-format.ts";
import { runNotebook } from "../../src/reports/run-notebook.ts";
import type { StepCost } from "../../src/servers/costs/step-cost.ts";
import { type Grid, type GridWorkload, sweep } from "../../src/sweeps/grid.ts";
import { runSweep, type SweepResult } from "../../src/sweeps/run-sweep.ts";
import { MemoryStore } from "../../src/sweeps/stores/memory-store.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { notebookOf, outputsOf } from "../reports/notebook-of.ts";
import { plainCost } from "../support/workloads.ts";

/** A workload of our own: n requests at once. */
const GENERATOR = `
import { generateWorkload } from "driftsched/workload/generators/generate-workload.ts";
import type { Workload } from "driftsched/workload/workload.ts";
export const burst = ({ n }: { n: number }): Workload =>
  generateWorkload({
    requests: n,
    streams: [{
      arrivals: { process: "poisson", rate: 100 },
      classes: [{
        prompt: { model: "constant", tokens: 10 },
        output: { model: "lognormal", mean: 50, cv: 1 },
      }],
    }],
  });
`;

/** What a step costs, as an object with a function: more than its plain properties. */
const COST = `
import { L4_QWEN15_1_8B } from "driftsched/servers/costs/presets.ts";
export default { ...L4_QWEN15_1_8B, name: "mine", describe: () => "ten times as slow",
  base: L4_QWEN15_1_8B.base.map((seconds) => 10 * seconds) };
`;

type Generator = (parameters: { n: number }) => Workload;

function gridOf(generate: Generator, costs: readonly StepCost[]): Grid {
  return sweep({
    workloads: [20, 30].map((n): GridWorkload => ({
      source: { source: "generator", generate, parameters: { n } },
      labels: { n, seed: 1 },
    })),
    axes: { cost: costs },
    cell: ({ cost }) => ({
      dispatch: { rule: "micro-batch" },
      server: { batching: "static", cost },
    }),
  });
}

const makespans = ({ names, cells }: SweepResult) =>
  cells.map(({ values }) => values![names.indexOf("makespan")]);

const slow = plainCost({ base: 1 });

describe("definitions from modules", async () => {
  const generate = await fromModule<Generator>(GENERATOR, { export: "burst" });
  const cost = await fromModule<StepCost>(COST);
  const grid = gridOf(generate, [cost, slow]);

  test("run in workers and are stored, with the results that this thread gives", async () => {
    const notices: string[] = [];
    const store = new MemoryStore();
    const away = await runSweep(grid, {
      workers: 2,
      store,
      onNotice: (text) => notices.push(text),
    });
    expect(notices).toEqual([]);
    expect(store.size).toBe(4);
    const here = await runSweep(grid, { workers: 0 });
    expect(away).toEqual(here);
    expect(away.cells.map(({ labels }) => labels.cost)).toEqual(["mine", "plain", "mine", "plain"]);
    expect(new Set(makespans(away)).size).toBe(4);
  });

  test("plain objects run in this thread meanwhile, are named once and are not stored", async () => {
    const mixed = gridOf(generate, [{ ...cost }, slow]);
    const notices: string[] = [];
    const store = new MemoryStore();
    const done = await runSweep(mixed, {
      workers: 2,
      store,
      onNotice: (text) => notices.push(text),
    });
    expect(makespans(done)).toEqual(makespans(await runSweep(grid, { workers: 0 })));
    expect(store.size).toBe(2);
    expect(notices).toEqual([
      "2 cells run in this thread and are not stored, for mine cannot go into a worker: write it as " +
      "a module and pass what fromModule() makes of it",
    ]);
  });

  test("so does a generator that is a plain function", async () => {
    const notices: string[] = [];
    const plain: Generator = (parameters) => generate(parameters);
    const done = await runSweep(gridOf(plain, [cost, slow]), {
      workers: 2,
      onNotice: (text) => notices.push(text),
    });
    expect(makespans(done)).toEqual(makespans(await runSweep(grid, { workers: 0 })));
    expect(notices).toHaveLength(1);
  });

  test("an error of a plain object's cell names the cell too", async () => {
    const broken: Generator = () => {
      throw new Error("no such day");
    };
    await expect(runSweep(gridOf(broken, [cost]), { workers: 2, onNotice: () => {} }))
      .rejects.toThrow("Cell cost=mine, n=20, seed=1 (workload of ");
  });
});

test("in a notebook's cell, a module runs in workers", async () => {
  const notebook = notebookOf(
    `import * as ds from "driftsched";
const generate = await ds.fromModule<(parameters: { n: number }) => ds.Workload>(
  ${JSON.stringify(GENERATOR)}, { export: "burst" });
const cost = await ds.fromModule(${JSON.stringify(COST)});`,
    `const grid = ds.sweep({
  workloads: [{ source: { source: "generator", generate, parameters: { n: 20 } }, labels: { seed: 1 } }],
  axes: { cost: [cost] },
  cell: ({ cost }) => ({
    scheduler: { estimator: { options: { counting: "tokenizer" } } },
    dispatch: { rule: "micro-batch" },
    server: { batching: "static", cost },
  }),
});
const done = await ds.runSweep(grid, { workers: 1 });
console.log(ds.gridTable(done).get("makespan", 0));`,
  );
  const cwd = fileURLToPath(new URL("../../notebooks", import.meta.url));
  const { notebook: executed, failures } = await runNotebook(notebook, { cwd });
  expect(failures).toEqual([]);
  const said = outputsOf(executed)[1].flatMap((each) =>
    each.output_type === "stream" ? [textOf(each.text)] : []
  ).join("");
  const generate = await fromModule<Generator>(GENERATOR, { export: "burst" });
  const cost = await fromModule<StepCost>(COST);
  const here = await runSweep(gridOf(generate, [cost]), { workers: 0 });
  expect(Number(said)).toBe(makespans(here)[0]);
});
