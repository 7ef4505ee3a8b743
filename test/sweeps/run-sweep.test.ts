import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { summarizeRun } from "../../src/analysis/summarize-run.ts";
import { paperGrid } from "../../src/paper/grid.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { Grid, GridCell } from "../../src/sweeps/grid.ts";
import { runSweep, SweepInterrupted, type SweepResult } from "../../src/sweeps/run-sweep.ts";
import { MemoryStore } from "../../src/sweeps/stores/memory-store.ts";
import { columnsOf } from "../../src/sweeps/workload-source.ts";
import { generateWorkload } from "../../src/workload/generators/generate-workload.ts";
import type { WorkloadSpecInput } from "../../src/workload/generators/workload-spec.ts";
import { handWorkload } from "../support/workloads.ts";

/** Five workloads of four cells. */
const grid = paperGrid({
  seeds: 5,
  workload: { requests: 150 },
  policies: ["fifo", "sjf"],
  countings: ["split"],
});
const CELLS = 20;

const here = await runSweep(grid, { workers: 0 });

function bytes({ names, cells }: SweepResult): string {
  const hex = cells.map(({ values }) =>
    values === null ? "open" : new Uint8Array(values.slice().buffer).toHex()
  );
  return [...names, ...hex].join("\n");
}

/** The sweep's rejection. */
async function rejection(sweep: Promise<SweepResult>): Promise<Error> {
  try {
    await sweep;
  } catch (error) {
    return error as Error;
  }
  throw new Error("the sweep did not reject");
}

test("a sweep holds the summaries of its cells, in the order of the grid", () => {
  expect(here.cells.length).toBe(CELLS);
  grid.cells.forEach(({ labels, options }, i) => {
    const workload = paperWorkload({ seed: Number(labels.seed), requests: 150 });
    const { names, values } = summarizeRun(simulate(workload, options));
    expect(here.names).toEqual(names);
    expect(here.cells[i]).toEqual({ labels, values, run: null });
  });
});

test.each([1, 2, 3, 9])("%i workers give the bytes that this thread gives", async (workers) => {
  expect(bytes(await runSweep(grid, { workers }))).toBe(bytes(here));
});

test("cells of one workload are shared between workers too", async () => {
  const one = { cells: grid.cells.slice(0, 4) };
  expect(bytes(await runSweep(one, { workers: 3 })))
    .toBe(bytes(await runSweep(one, { workers: 0 })));
});

test.each([0, 2])("progress goes up to all cells, one by one (%i workers)", async (workers) => {
  const seen: number[] = [];
  await runSweep(grid, {
    workers,
    onProgress(done, total) {
      expect(total).toBe(CELLS);
      seen.push(done);
    },
  });
  expect(seen).toEqual(Array.from({ length: CELLS + 1 }, (_, i) => i));
});

test("a sweep of nothing is done at once", async () => {
  expect(await runSweep({ cells: [] }, { workers: 2 })).toEqual({ names: [], cells: [] });
});

/** Interrupts a sweep after so many cells. */
async function interrupted(after: number, workers: number, store: MemoryStore) {
  const controller = new AbortController();
  const error = await rejection(runSweep(grid, {
    workers,
    store,
    signal: controller.signal,
    onProgress: (done) => done >= after && controller.abort(),
  }));
  expect(error).toBeInstanceOf(SweepInterrupted);
  const { partial } = error as SweepInterrupted;
  const done = partial.cells.filter(({ values }) => values !== null).length;
  expect(error.message).toBe(`Sweep interrupted: ${done} of 20 cells are done`);
  return { partial, done };
}

test.each([
  [0, 0],
  [2, 0],
  [0, 2],
  [1, 2],
  [13, 3],
])(
  "stopped after %i cells with %i workers, the store has what is done and the rest gives the same bytes",
  async (after, workers) => {
    const store = new MemoryStore();
    const { partial, done } = await interrupted(after, workers, store);
    expect(done).toBeGreaterThanOrEqual(after);
    expect(done).toBeLessThan(CELLS);
    expect(store.size).toBe(done);
    partial.cells.forEach(({ values }, i) => {
      if (values !== null) expect(values).toEqual(here.cells[i].values);
    });
    const simulated: number[] = [];
    const resumed = await runSweep(grid, { workers, store, onProgress: (n) => simulated.push(n) });
    expect(bytes(resumed)).toBe(bytes(here));
    expect(store.size).toBe(CELLS);
  },
);

/** A store that counts what is newly kept. */
class CountingStore extends MemoryStore {
  puts = 0;
  override put(...args: Parameters<MemoryStore["put"]>) {
    this.puts++;
    return super.put(...args);
  }
}

test("what is in the store is not simulated again; a run that it lacks is", async () => {
  const store = new CountingStore();
  await runSweep(grid, { workers: 2, store });
  expect(store.puts).toBe(CELLS);
  expect(bytes(await runSweep(grid, { workers: 2, store }))).toBe(bytes(here));
  expect(store.puts).toBe(CELLS);
  const cells = grid.cells.map((cell, i): GridCell => ({ ...cell, keep: i === 3 }));
  const whole = await runSweep({ cells }, { workers: 2, store });
  expect(store.puts).toBe(CELLS + 1);
  expect(whole.cells.map(({ run }) => run !== null)).toEqual(cells.map(({ keep }) => keep));
  expect(await runSweep({ cells }, { workers: 0, store })).toEqual(whole);
  expect(store.puts).toBe(CELLS + 1);
  // The summaries of a sweep that keeps no runs come from the results that have one.
  expect(bytes(await runSweep(grid, { workers: 0, store }))).toBe(bytes(here));
  expect(store.puts).toBe(CELLS + 1);
});

test("cells that are the same are simulated once", async () => {
  const store = new CountingStore();
  const twice = { cells: [...grid.cells, ...grid.cells] };
  const { cells } = await runSweep(twice, { workers: 2, store });
  expect(store.puts).toBe(CELLS);
  expect(cells.slice(CELLS)).toEqual(cells.slice(0, CELLS));
});

test("a result of other code is not this code's", async () => {
  const store = new CountingStore();
  const one = { cells: grid.cells.slice(0, 1) };
  await runSweep(one, { workers: 0, store });
  await runSweep(one, { workers: 0, store, codeVersion: "another" });
  expect(store.puts).toBe(2);
});

test("a store that cannot keep anything is a notice, not a failure", async () => {
  const notices: string[] = [];
  const store = { get: () => Promise.resolve(null), put: () => Promise.reject(new Error("full")) };
  const done = await runSweep(grid, { workers: 2, store, onNotice: (text) => notices.push(text) });
  expect(bytes(done)).toBe(bytes(here));
  expect(notices).toEqual(["Results of this sweep cannot be kept: full"]);
});

test.each([0, 2])("a signal after the last cell does not undo it (%i workers)", async (workers) => {
  const controller = new AbortController();
  const result = await runSweep(grid, {
    workers,
    signal: controller.signal,
    onProgress: (done, total) => done === total && controller.abort(),
  });
  expect(bytes(result)).toBe(bytes(here));
});

const broken: Grid = {
  cells: grid.cells.map((cell, i) =>
    i === 13 ? { ...cell, options: { scheduler: { policy: "lifo" } } } : cell
  ),
};

test.each([0, 1, 3])(
  "a cell that fails rejects with its labels, its workload and the reason (%i workers)",
  async (workers) => {
    const store = new MemoryStore();
    const error = await rejection(runSweep(broken, { workers, store }));
    expect(error.message).toContain(
      "Cell policy=fifo, calibration=ema, counting=split, seed=4 (workload " +
        'driftsched:paper/workload.ts#paperWorkload {"requests":150,"seed":4}): ',
    );
    expect(error.message).toContain('field policy: got "lifo", expected one of');
    expect(store.size).toBeGreaterThan(0);
  },
);

test("after a failure nothing of the sweep goes on", async () => {
  const cells = Array.from({ length: 60 }, () => grid.cells).flat();
  const seen: number[] = [];
  const sweep = runSweep({ cells: [broken.cells[13], ...cells] }, {
    workers: 2,
    onProgress: (done) => seen.push(done),
  });
  await rejection(sweep);
  const reports = seen.length;
  expect(reports).toBeLessThan(cells.length / 2);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(seen.length).toBe(reports);
});

test.each([0, 2])("a report that throws rejects the sweep (%i workers)", async (workers) => {
  const error = await rejection(runSweep(grid, {
    workers,
    onProgress(done) {
      if (done > 4) throw new Error("the bar broke");
    },
  }));
  expect(error.message).toBe("the bar broke");
});

test.each([0, 2])(
  "workloads whose summaries have other names are refused, not mixed (%i workers)",
  async (workers) => {
    // 50 requests are a learning phase alone: no names of a stress phase.
    const short = paperGrid({ seeds: 1, workload: { requests: 50 } });
    const cells = [...grid.cells, ...short.cells];
    const error = await rejection(runSweep({ cells }, { workers }));
    expect(error.message).toMatch(/^Cell policy=.*: its summary has other names/);
  },
);

test.each([-1, 1.5, NaN])("%d workers are refused", async (workers) => {
  const error = await rejection(runSweep(grid, { workers }));
  expect(error.message)
    .toBe(`runSweep options, field workers: got ${workers}, expected an integer >= 0`);
});

test("an option that is not known is refused with the known names", async () => {
  const error = await rejection(runSweep(grid, { worker: 2 } as object));
  expect(error.message).toContain(
    "field worker: got 2, expected a known name, one of workers, executor",
  );
});

test("a workload of columns crosses to a worker whole", async () => {
  const workload = handWorkload({
    arrival: Array.from({ length: 40 }, (_, i) => i * 0.1),
    outputTokens: Array.from({ length: 40 }, (_, i) => 1 + i),
    tier: Array.from({ length: 40 }, (_, i) => i % 3),
    category: Array.from({ length: 40 }, (_, i) => i % 4),
  });
  const options = {
    scheduler: { policy: "sjf", estimator: { options: { counting: "tokenizer" } } },
    dispatch: { rule: "micro-batch" },
  } as const;
  const cells: GridCell[] = [{ workload: columnsOf(workload), options, labels: { seed: 1 } }];
  const { values } = summarizeRun(simulate(workload, options));
  for (const workers of [0, 1]) {
    expect((await runSweep({ cells }, { workers })).cells[0].values).toEqual(values);
  }
  expect(() => columnsOf(paperWorkload({ requests: 3 }))).toThrow(
    "Cannot send the prompts of DriftSched paper workload to a worker",
  );
});

test("a process ends by itself after a sweep that failed, and after one that was stopped", async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const script = fileURLToPath(new URL("end-early.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(
    Deno.execPath(),
    ["run", "--allow-all", script],
    { timeout: 50_000, cwd: root },
  );
  expect(stdout).toContain("Cell policy=fifo, calibration=none, counting=split, seed=1 (workload ");
  expect(stdout).toMatch(/Sweep interrupted: \d+ of 800 cells are done/);
});

test("a generated workload crosses as its spec, typed columns and all", async () => {
  const spec: WorkloadSpecInput = {
    requests: 200,
    streams: [{
      arrivals: {
        process: "replayed",
        seconds: Float64Array.from({ length: 200 }, (_, i) => i / 9),
      },
      classes: [{
        prompt: { model: "lognormal", mean: 100, cv: 1 },
        output: { model: "empirical", name: "two", tokens: Int32Array.of(20, 300) },
      }],
    }],
  };
  const options = {
    scheduler: { policy: "sjf", estimator: { options: { counting: "tokenizer" } } },
    dispatch: { rule: "micro-batch" },
  } as const;
  const cell: GridCell = { workload: { source: "spec", spec }, options, labels: { seed: 1 } };
  const { names, values } = summarizeRun(simulate(generateWorkload(spec), options));
  const swept = await runSweep({ cells: [cell, { ...cell, labels: { seed: 2 } }] }, { workers: 2 });
  expect(swept.names).toEqual(names);
  expect(swept.cells.map((each) => each.values)).toEqual([values, values]);
});
