import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { summarizeRun } from "../../src/analysis/summarize-run.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { paperGrid } from "../../src/sweeps/grid.ts";
import { runSweep, SweepInterrupted, type SweepResult } from "../../src/sweeps/run-sweep.ts";
import type { SweepTask } from "../../src/sweeps/task.ts";
import { columnsOf } from "../../src/sweeps/workload-source.ts";
import { generateWorkload } from "../../src/workload/generators/generate-workload.ts";
import type { WorkloadSpecInput } from "../../src/workload/generators/workload-spec.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { handWorkload } from "../support/workloads.ts";

const { tasks } = paperGrid({
  seeds: 5,
  workload: { requests: 150 },
  policies: ["fifo", "sjf"],
  countings: ["split"],
});
const CELLS = 20;

const here = await runSweep(tasks, { workers: 0 });

function bytes({ names, tasks }: SweepResult): string {
  const hex = tasks.map((values) =>
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

test("a sweep holds the summaries of its cells, workload by workload, cell by cell", () => {
  expect(here.tasks.length).toBe(5);
  tasks.forEach(({ cells }, i) => {
    const workload = paperWorkload({ seed: i + 1, requests: 150 });
    cells.forEach((options, cell) => {
      const { names, values } = summarizeRun(simulate(workload, options));
      expect(here.names).toEqual(names);
      const from = cell * names.length;
      expect(here.tasks[i]!.subarray(from, from + names.length)).toEqual(values);
    });
  });
});

test.each([1, 2, 3, 9])("%i workers give the bytes that this thread gives", async (workers) => {
  expect(bytes(await runSweep(tasks, { workers }))).toBe(bytes(here));
});

test.each([0, 2])(
  "progress goes up to all cells, once a workload (%i workers)",
  async (workers) => {
    const seen: number[] = [];
    await runSweep(tasks, {
      workers,
      onProgress(done, total) {
        expect(total).toBe(CELLS);
        seen.push(done);
      },
    });
    expect(seen).toEqual([0, 4, 8, 12, 16, 20]);
  },
);

test("a sweep of nothing is done at once", async () => {
  expect(await runSweep([], { workers: 2 })).toEqual({ names: [], tasks: [] });
});

/** Interrupts a sweep after so many workloads. */
async function interrupted(after: number, workers: number): Promise<SweepResult> {
  const controller = new AbortController();
  let reports = 0;
  const error = await rejection(runSweep(tasks, {
    workers,
    signal: controller.signal,
    onProgress() {
      if (++reports > after) controller.abort();
    },
  }));
  expect(error).toBeInstanceOf(SweepInterrupted);
  const { partial } = error as SweepInterrupted;
  const done = partial.tasks.filter((values) => values !== null).length;
  expect(error.message).toBe(`Sweep interrupted: ${done} of 5 workloads are done`);
  expect(done).toBe(after);
  return partial;
}

test.each([
  [0, 0],
  [2, 0],
  [0, 2],
  [1, 2],
  [4, 3],
])(
  "stopped after %i workloads with %i workers, it keeps what is done and resumes to the same bytes",
  async (after, workers) => {
    const partial = await interrupted(after, workers);
    partial.tasks.forEach((values, i) => {
      if (values !== null) expect(values).toEqual(here.tasks[i]);
    });
    const seen: number[] = [];
    const resumed = await runSweep(tasks, {
      workers,
      resume: partial,
      onProgress: (done) => seen.push(done),
    });
    expect(bytes(resumed)).toBe(bytes(here));
    // What was done is not done again.
    expect(seen).toEqual(Array.from({ length: 6 - after }, (_, i) => 4 * (after + i)));
  },
);

test("what was kept survives a structured copy, as through a file", async () => {
  const partial = structuredClone(await interrupted(2, 0));
  expect(bytes(await runSweep(tasks, { workers: 1, resume: partial }))).toBe(bytes(here));
});

test("an interrupt that comes with the last workload finds the sweep done", async () => {
  const controller = new AbortController();
  const result = await runSweep(tasks, {
    workers: 0,
    signal: controller.signal,
    onProgress: (done, total) => done === total && controller.abort(),
  });
  expect(bytes(result)).toBe(bytes(here));
});

test("the rest of another sweep is refused", async () => {
  const partial = await interrupted(2, 0);
  const shorter = await rejection(runSweep(tasks.slice(1), { workers: 0, resume: partial }));
  expect(shorter.message).toBe("Cannot resume: the sweep has 4 workloads, what was kept 5");
  const thinner = tasks.map(({ workload, cells }) => ({ workload, cells: cells.slice(1) }));
  const other = await rejection(runSweep(thinner, { workers: 0, resume: partial }));
  expect(other.message).toContain("Cannot resume: what was kept of workload 0");
});

const broken: SweepTask[] = tasks.map((task, i) =>
  i === 3 ? { ...task, cells: [{}, { scheduler: { policy: "lifo" } }] } : task
);

test.each([0, 1, 3])(
  "a cell that fails rejects with its workload and the reason (%i workers)",
  async (workers) => {
    const error = await rejection(runSweep(broken, { workers }));
    expect(error.message).toContain("Workload 3: ");
    expect(error.message).toContain('field policy: got "lifo", expected one of');
  },
);

test("after a failure nothing of the sweep goes on", async () => {
  const many = Array.from({ length: 60 }, (_, i) => i === 0 ? broken[3] : tasks[i % 3]);
  const seen: number[] = [];
  await rejection(runSweep(many, { workers: 2, onProgress: (done) => seen.push(done) }));
  const reports = seen.length;
  expect(reports).toBeLessThan(30);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(seen.length).toBe(reports);
});

test.each([0, 2])("a report that throws rejects the sweep (%i workers)", async (workers) => {
  const error = await rejection(runSweep(tasks, {
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
    const short = paperGrid({ seeds: 1, workload: { requests: 50 } }).tasks;
    const error = await rejection(runSweep([...tasks, ...short], { workers }));
    expect(error.message).toMatch(/^Workload \d: its summary has other names/);
  },
);

test.each([-1, 1.5, NaN])("%d workers are refused", async (workers) => {
  const error = await rejection(runSweep(tasks, { workers }));
  expect(error).toBeInstanceOf(RangeError);
  expect(error.message).toContain(`workers must be an integer >= 0, current value is ${workers}`);
});

test("a workload of columns crosses to a worker whole", async () => {
  const workload = handWorkload({
    arrival: Array.from({ length: 40 }, (_, i) => i * 0.1),
    outputTokens: Array.from({ length: 40 }, (_, i) => 1 + i),
    tier: Array.from({ length: 40 }, (_, i) => i % 3),
    category: Array.from({ length: 40 }, (_, i) => i % 4),
  });
  const cells = [{ scheduler: { policy: "sjf", estimate: { counting: "tokenizer" } } }] as const;
  const task: SweepTask = { workload: columnsOf(workload), cells };
  const [inside, outside] = [
    await runSweep([task], { workers: 0 }),
    await runSweep([task], { workers: 1 }),
  ];
  expect(bytes(outside)).toBe(bytes(inside));
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
  expect(stdout).toContain("Workload 0: parameters, field policy");
  expect(stdout).toMatch(/Sweep interrupted: 1 of 40 workloads are done/);
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
  const cells = [{ scheduler: { policy: "sjf", estimate: { counting: "tokenizer" as const } } }];
  const task: SweepTask = { workload: { source: "spec", spec }, cells };
  const { names, values } = summarizeRun(simulate(generateWorkload(spec), cells[0]));
  const swept = await runSweep([task, task], { workers: 2 });
  expect(swept.names).toEqual(names);
  expect(swept.tasks).toEqual([values, values]);
});
