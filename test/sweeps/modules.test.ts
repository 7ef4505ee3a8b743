import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fromModule } from "../../src/files/from-module.ts";
import { textOf } from "../../src/reports/notebook-format.ts";
import { runNotebook } from "../../src/reports/run-notebook.ts";
import type { PolicyDefinition } from "../../src/policies/policy.ts";
import { POLICIES } from "../../src/policies/registry.ts";
import { type Grid, type GridWorkload, sweep } from "../../src/sweeps/grid.ts";
import { runSweep, type SweepResult } from "../../src/sweeps/run-sweep.ts";
import { MemoryStore } from "../../src/sweeps/stores/memory-store.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { notebookOf, outputsOf } from "../reports/notebook-of.ts";

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
        maxTokens: 500,
      }],
    }],
  });
`;

/** A policy of our own: the last to come is the first to go. */
const POLICY = `
import type { Policy, PolicyDefinition } from "driftsched/policies/policy.ts";
const lifo: PolicyDefinition = {
  name: "lifo",
  create(): Policy {
    const waiting: number[] = [];
    return {
      get size() { return waiting.length; },
      push: (request) => void waiting.push(request),
      pop: () => waiting.pop() ?? -1,
      remove(request) {
        const at = waiting.indexOf(request);
        if (at >= 0) waiting.splice(at, 1);
        return at >= 0;
      },
    };
  },
};
export default lifo;
`;

type Generator = (parameters: { n: number }) => Workload;

function gridOf(generate: Generator, policies: readonly (string | PolicyDefinition)[]): Grid {
  return sweep({
    workloads: [40, 50].map((n): GridWorkload => ({
      source: { source: "generator", generate, parameters: { n } },
      labels: { n, seed: 1 },
    })),
    axes: { policy: policies },
    cell: ({ policy }) => ({
      scheduler: { policy, estimator: "cap" },
      dispatch: { rule: "in-flight", window: 2 },
    }),
  });
}

/** One number a cell that tells its policy. */
const longestWaits = ({ names, cells }: SweepResult) =>
  cells.map(({ values }) => values![names.indexOf("wait.max")]);

describe("definitions from modules", async () => {
  const generate = await fromModule<Generator>(GENERATOR, { export: "burst" });
  const lifo = await fromModule<PolicyDefinition>(POLICY);
  const grid = gridOf(generate, ["fifo", lifo]);

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
    expect(away).toEqual(await runSweep(grid, { workers: 0 }));
    expect(away.cells.map(({ labels }) => labels.policy)).toEqual(["fifo", "lifo", "fifo", "lifo"]);
    const [first, last] = longestWaits(away);
    expect(last).toBeGreaterThan(first);
  });

  test("may have options beside them", async () => {
    const chosen = sweep({
      workloads: [{
        source: { source: "generator", generate, parameters: { n: 40 } },
        labels: { seed: 1 },
      }],
      axes: { policy: [lifo] },
      cell: ({ policy }) => ({
        scheduler: { policy: { definition: policy, options: {} }, estimator: "cap" },
        dispatch: { rule: "in-flight", window: 2 },
      }),
    });
    const done = await runSweep(chosen, { workers: 1 });
    expect(longestWaits(done)[0]).toBe(longestWaits(await runSweep(grid, { workers: 0 }))[1]);
  });

  test("plain objects run in this thread meanwhile, are named once and are not stored", async () => {
    const mixed = gridOf(generate, ["fifo", { ...lifo }]);
    const notices: string[] = [];
    const store = new MemoryStore();
    const done = await runSweep(mixed, {
      workers: 2,
      store,
      onNotice: (text) => notices.push(text),
    });
    expect(longestWaits(done)).toEqual(longestWaits(await runSweep(grid, { workers: 0 })));
    expect(store.size).toBe(2);
    expect(notices).toEqual([
      "2 cells run in this thread and are not stored, for lifo cannot go into a worker: write it as " +
      "a module and pass what fromModule() makes of it",
    ]);
  });

  test("so do members that were added to a registry, by their names", async () => {
    const remove = POLICIES.add({ ...lifo, name: "added" });
    const notices: string[] = [];
    const store = new MemoryStore();
    try {
      const done = await runSweep(gridOf(generate, ["fifo", "added"]), {
        ...{ workers: 2, store },
        onNotice: (text) => notices.push(text),
      });
      expect(longestWaits(done)).toEqual(longestWaits(await runSweep(grid, { workers: 0 })));
    } finally {
      remove();
    }
    expect(store.size).toBe(2);
    expect(notices[0]).toContain("for added cannot go into a worker");
    await expect(runSweep(gridOf(generate, ["added"]), { workers: 1, store }))
      .rejects.toThrow('got "added", expected one of fifo');
  });

  test("so does a generator that is a plain function", async () => {
    const notices: string[] = [];
    const plain: Generator = (parameters) => generate(parameters);
    const done = await runSweep(gridOf(plain, ["fifo", lifo]), {
      workers: 2,
      onNotice: (text) => notices.push(text),
    });
    expect(longestWaits(done)).toEqual(longestWaits(await runSweep(grid, { workers: 0 })));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain("for plain cannot go into a worker");
  });

  test("an error of a plain object's cell names the cell too", async () => {
    const broken: Generator = () => {
      throw new Error("no such day");
    };
    await expect(runSweep(gridOf(broken, [lifo]), { workers: 2, onNotice: () => {} }))
      .rejects.toThrow("Cell policy=lifo, n=40, seed=1 (workload of broken): no such day");
  });
});

test("in a notebook's cell, a module runs in workers", async () => {
  const notebook = notebookOf(
    `import * as ds from "driftsched";
const generate = await ds.fromModule<(parameters: { n: number }) => ds.Workload>(
  ${JSON.stringify(GENERATOR)}, { export: "burst" });
const lifo = await ds.fromModule<ds.PolicyDefinition>(${JSON.stringify(POLICY)});`,
    `const grid = ds.sweep({
  workloads: [{ source: { source: "generator", generate, parameters: { n: 40 } }, labels: { seed: 1 } }],
  axes: { policy: [lifo] },
  cell: ({ policy }) => ({ scheduler: { policy, estimator: "cap" }, dispatch: { rule: "in-flight", window: 2 } }),
});
const done = await ds.runSweep(grid, { workers: 1 });
console.log(ds.gridTable(done).get("wait.max", 0));`,
  );
  const cwd = fileURLToPath(new URL("../../notebooks", import.meta.url));
  const { notebook: executed, failures } = await runNotebook(notebook, { cwd });
  expect(failures).toEqual([]);
  const said = outputsOf(executed)[1].flatMap((each) =>
    each.output_type === "stream" ? [textOf(each.text)] : []
  ).join("");
  const generate = await fromModule<Generator>(GENERATOR, { export: "burst" });
  const lifo = await fromModule<PolicyDefinition>(POLICY);
  const here = await runSweep(gridOf(generate, [lifo]), { workers: 0 });
  expect(Number(said)).toBe(longestWaits(here)[0]);
});
