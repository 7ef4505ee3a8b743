import { expect, test } from "vitest";
import { everyone } from "../../src/analysis/groups.ts";
import { latencyOf, latencyStatistics } from "../../src/analysis/latency.ts";
import { InputError } from "../../src/errors/input-error.ts";
import { crossGrid, paperGrid, paperSource, paperWorkloads } from "../../src/paper/grid.ts";
import { loadGrid } from "../../src/paper/load-grid.ts";
import { switchGrid } from "../../src/paper/switches.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { worldMapGrid } from "../../src/paper/world-map.ts";
import { gridTable } from "../../src/sweeps/grid-table.ts";
import { runSweep } from "../../src/sweeps/run-sweep.ts";
import { wholeRuns } from "../../src/sweeps/whole-runs.ts";
import { makeWorkload } from "../../src/sweeps/workload-source.ts";
import { simulate } from "../../src/simulation/simulate.ts";

test("the paper's grid is 600 cells: 30 seeds, five policies, on and off, two countings", () => {
  const { cells } = paperGrid();
  expect(cells.length).toBe(600);
  expect(new Set(cells.map(({ labels }) => JSON.stringify(labels))).size).toBe(600);
  expect(cells[0].labels).toEqual({
    policy: "fifo",
    calibration: "none",
    counting: "split",
    seed: 1,
  });
  for (
    const [label, count] of Object.entries({ policy: 5, calibration: 2, counting: 2, seed: 30 })
  ) {
    expect(new Set(cells.map(({ labels }) => labels[label])).size).toBe(count);
  }
});

test("each cell runs what its label says, on the workload of its seed", () => {
  for (const { workload, options, labels } of paperGrid({ seeds: 3 }).cells) {
    expect(workload).toMatchObject({ source: "generator", parameters: { seed: labels.seed } });
    expect(makeWorkload(workload).provenance.seed).toBe(labels.seed);
    const run = simulate(paperWorkload({ seed: 1, requests: 5 }), options);
    const scheduler = JSON.stringify(run.provenance.scheduler);
    for (const label of [labels.policy, labels.calibration, labels.counting]) {
      expect(scheduler).toContain(`"${label}"`);
    }
  }
});

test("everything else about a cell comes from the base", () => {
  const base = { dispatch: { rule: "micro-batch", maxBatch: 8 } } as const;
  const { cells } = crossGrid(paperWorkloads({ seeds: 1 }), {
    policies: ["sjf"],
    calibrations: ["ema"],
    countings: ["tokenizer"],
    base,
  });
  expect(cells).toHaveLength(1);
  expect(cells[0].options).toMatchObject(base);
});

test.each([
  ["paperGrid", () => paperGrid({ seed: 3 } as object), "seeds, workload, policies"],
  ["crossGrid", () => crossGrid([], { polices: [] } as object), "policies, calibrations"],
  ["paperWorkloads", () => paperWorkloads({ sedes: 3 } as object), "seeds, workload"],
  ["switchGrid", () => switchGrid({ seed: 3 } as object), "seeds, workload"],
  ["worldMapGrid", () => worldMapGrid({ worlds: [] } as object), "meanFractions, wordsPerToken"],
  [
    "loadGrid",
    () => loadGrid([], { seeds: 1, loads: [1], load: 1 } as never),
    "seeds, workload, loads, paperLoad, policies",
  ],
])(
  "%s refuses an option that it does not know, and lists those that it knows",
  (name, make, known) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(new RegExp(`^${name} options, field .*expected a known name: ${known}`));
  },
);

const small = paperGrid({
  seeds: 2,
  workload: { requests: 120 },
  policies: ["fifo", "sjf"],
  countings: ["split"],
  keep: [{ policy: "fifo" }, { policy: "sjf", calibration: "ema" }],
});

test("the table has a row for every cell: its labels, then its summary", async () => {
  const done = await runSweep(small, { workers: 0 });
  const table = gridTable(done);
  expect(table.columnNames()).toEqual(["policy", "calibration", "counting", "seed", ...done.names]);
  expect(table.numRows()).toBe(8);
  small.cells.forEach(({ labels, options }, row) => {
    for (const [name, value] of Object.entries(labels)) expect(table.get(name, row)).toBe(value);
    const workload = paperWorkload({ requests: 120, seed: Number(labels.seed) });
    const run = simulate(workload, options);
    const { p99 } = latencyStatistics(latencyOf(run, "e2e", everyone(run).rows));
    expect(table.get("e2e.p99", row)).toBe(p99);
  });
});

test.each([0, 2])(
  "whole runs are those of the sweep, with their labels (%i workers)",
  async (workers) => {
    const done = await runSweep(small, { workers });
    const runs = wholeRuns(done, { calibration: "ema" });
    const cells = small.cells.filter(({ labels }) => labels.calibration === "ema");
    expect(runs.map(({ run: _, ...labels }) => labels)).toEqual(cells.map(({ labels }) => labels));
    runs.forEach(({ run, seed }, i) => {
      const { requests, ...columns } = simulate(
        makeWorkload(paperSource({ requests: 120, seed })),
        cells[i].options,
      );
      // The text of prompts stays behind.
      const { promptText: _, ...plain } = requests;
      expect(run).toEqual({ ...columns, requests: plain });
    });
    expect(() => wholeRuns(done)).toThrow(
      'policy=sjf, calibration=none, counting=split, seed=1", expected a cell whose run was kept',
    );
    expect(() => wholeRuns(done, { polciy: "fifo" })).toThrow(
      "policy, calibration, counting, seed",
    );
  },
);
