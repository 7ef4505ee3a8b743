import { expect, test } from "vitest";
import { crossGrid, gridTable, paperGrid } from "../../src/sweeps/grid.ts";
import { runSweep } from "../../src/sweeps/run-sweep.ts";
import { runTask } from "../../src/sweeps/task.ts";
import { wholeRuns } from "../../src/sweeps/whole-runs.ts";

test("the paper's grid is 600 cells: 30 seeds, five policies, on and off, two countings", () => {
  const { tasks, labels } = paperGrid();
  expect(tasks.length).toBe(30);
  expect(tasks.reduce((cells, task) => cells + task.cells.length, 0)).toBe(600);
  expect(labels.length).toBe(600);
  const distinct = new Set(labels.map((row) => JSON.stringify(row)));
  expect(distinct.size).toBe(600);
  expect(labels[0]).toEqual({ policy: "fifo", calibration: "none", counting: "split", seed: 1 });
  expect(new Set(labels.map(({ seed }) => seed)).size).toBe(30);
});

test("each cell runs what its label says", () => {
  const { tasks, labels } = paperGrid({ seeds: 3, workload: { requests: 120 } });
  let row = 0;
  tasks.forEach(({ workload, cells }, i) => {
    expect(workload).toEqual({ source: "paper", parameters: { requests: 120, seed: i + 1 } });
    for (const { scheduler } of cells) {
      expect(labels[row++]).toEqual({
        policy: scheduler!.policy,
        calibration: scheduler!.calibration!.calibrator,
        counting: scheduler!.estimate!.counting,
        seed: i + 1,
      });
    }
  });
  expect(row).toBe(labels.length);
});

test("everything else about a cell comes from the base, and is not overwritten by the cross", () => {
  const { tasks } = crossGrid(
    [{ source: { source: "paper", parameters: {} }, labels: { seed: 1 } }],
    {
      policies: ["sjf"],
      calibrators: ["ema"],
      countings: ["tokenizer"],
      base: {
        microBatch: { maxBatch: 8 },
        scheduler: {
          estimate: { inputScale: 500 },
          calibration: { learnAgainst: "estimate" },
        },
      },
    },
  );
  expect(tasks[0].cells).toEqual([{
    microBatch: { maxBatch: 8 },
    scheduler: {
      policy: "sjf",
      estimate: { inputScale: 500, counting: "tokenizer" },
      calibration: { learnAgainst: "estimate", calibrator: "ema" },
    },
  }]);
});

const small = paperGrid({
  seeds: 2,
  workload: { requests: 120 },
  policies: ["fifo", "sjf"],
  countings: ["split"],
});

test("the table has a row for every cell: its labels, then its summary", async () => {
  const result = await runSweep(small.tasks, { workers: 0 });
  const table = gridTable(small, result);
  expect(table.numRows()).toBe(8);
  expect(table.columnNames()).toEqual([
    "policy",
    "calibration",
    "counting",
    "seed",
    ...result.names,
  ]);
  small.labels.forEach((label, row) => {
    for (const [name, value] of Object.entries(label)) expect(table.get(name, row)).toBe(value);
    const { names, values } = runTask({
      workload: small.tasks[Math.floor(row / 4)].workload,
      cells: [small.tasks[0].cells[row % 4]],
    });
    names.forEach((name, k) => expect(table.get(name, row)).toBe(values[k]));
  });
});

test("an unfinished sweep is no table", () => {
  const { names, values } = runTask(small.tasks[0]);
  expect(() => gridTable(small, { names, tasks: [values, null] })).toThrow("not finished");
});

test("whole runs stand beside their labels", () => {
  const runs = wholeRuns(small);
  expect(runs.map(({ run: _, ...label }) => label)).toEqual(small.labels);
  for (const { run, policy, calibration, seed } of runs) {
    const { workload, scheduler } = run.provenance;
    expect(workload.seed).toBe(seed);
    expect(scheduler).toMatchObject({ policy, calibration: { calibrator: calibration } });
  }
});
