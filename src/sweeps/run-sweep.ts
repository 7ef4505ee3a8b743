import { runTask, type SweepTask, type TaskSummaries } from "./task.ts";
import type { WorkerReply, WorkerRequest } from "./worker.ts";

/** Summaries of a sweep, in the order of its tasks; null: not done yet (interrupted). */
export interface SweepResult {
  readonly names: readonly string[];
  /** Shape (tasks), each of shape (cells × names). */
  readonly tasks: readonly (Float64Array | null)[];
}

/** A sweep that was told to stop; `partial` holds what was done and can be resumed from. */
export class SweepInterrupted extends Error {
  override readonly name = "SweepInterrupted";
  constructor(readonly partial: SweepResult) {
    const done = partial.tasks.filter((values) => values !== null).length;
    super(`Sweep interrupted: ${done} of ${partial.tasks.length} workloads are done`);
  }
}

/** Options of {@link runSweep}. */
export interface SweepOptions {
  /** Workers side by side; 0 runs in this thread. Results do not depend on it. @default cores */
  readonly workers?: number;
  /** Called with cells done and cells in all, after each workload. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the sweep: it rejects with {@link SweepInterrupted}. */
  readonly signal?: AbortSignal;
  /** What an earlier, interrupted call had done already. */
  readonly resume?: SweepResult;
}

/**
 * Runs all cells of all tasks in web workers and returns their summaries, in the order of the
 * tasks whatever the number of workers. A cell that fails stops the sweep, every worker of it, with
 * an error that names the workload.
 *
 * @example
 * const result = await runSweep(paperGrid({ seeds: 30 }).tasks, { workers: 2 });
 */
export async function runSweep(
  tasks: readonly SweepTask[],
  options: SweepOptions = {},
): Promise<SweepResult> {
  const { workers = navigator.hardwareConcurrency, onProgress, signal, resume } = options;
  if (!Number.isInteger(workers) || workers < 0) {
    throw new RangeError(
      `Cannot sweep: workers must be an integer >= 0, current value is ${workers}`,
    );
  }
  assertResumable(tasks, resume);
  const values: (Float64Array | null)[] = tasks.map((_, i) => resume?.tasks[i] ?? null);
  let names: readonly string[] = resume?.names ?? [];
  const total = tasks.reduce((cells, task) => cells + task.cells.length, 0);
  const open = tasks.keys().filter((i) => values[i] === null).toArray();
  const cellsDone = () =>
    tasks.reduce((done, task, i) => done + (values[i] === null ? 0 : task.cells.length), 0);
  const keep = (index: number, summaries: TaskSummaries) => {
    if (names.length > 0 && names.join() !== summaries.names.join()) {
      throw new Error(
        `Workload ${index}: its summary has other names than the others of the sweep`,
      );
    }
    names = summaries.names;
    values[index] = summaries.values;
    onProgress?.(cellsDone(), total);
  };
  onProgress?.(cellsDone(), total);

  if (workers === 0) {
    for (const index of open) {
      // Yields, so that an interrupt or a progress bar gets its turn.
      await new Promise((resolve) => setTimeout(resolve));
      if (signal?.aborted) break;
      keep(index, runHere(tasks[index], index));
    }
  } else {
    const over = new AbortController();
    const stop = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    const next = () => stop.aborted ? undefined : open.shift();
    const count = Math.min(workers, open.length);
    const driven = Array.from({ length: count }, () => drive(tasks, { next, keep, stop }));
    try {
      await Promise.all(driven);
    } finally {
      over.abort();
      await Promise.allSettled(driven);
    }
  }
  const result = { names, tasks: values };
  if (signal?.aborted && values.includes(null)) throw new SweepInterrupted(result);
  return result;
}

/** Refuses the rest of another sweep, which would pass for results of this one. */
function assertResumable(tasks: readonly SweepTask[], resume: SweepResult | undefined): void {
  if (resume === undefined) return;
  if (resume.tasks.length !== tasks.length) {
    throw new RangeError(
      `Cannot resume: the sweep has ${tasks.length} workloads, what was kept ${resume.tasks.length}`,
    );
  }
  tasks.forEach(({ cells }, i) => {
    const kept = resume.tasks[i];
    if (kept !== null && kept.length !== cells.length * resume.names.length) {
      throw new RangeError(`Cannot resume: what was kept of workload ${i} is not of its cells`);
    }
  });
}

function runHere(task: SweepTask, index: number): TaskSummaries {
  try {
    return runTask(task);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new Error(`Workload ${index}: ${text}`, { cause: error });
  }
}

interface Supply {
  next(): number | undefined;
  keep(index: number, summaries: TaskSummaries): void;
  readonly stop: AbortSignal;
}

/** Feeds one worker task after task; ends when none is left or the sweep is stopped. */
function drive(tasks: readonly SweepTask[], { next, keep, stop }: Supply): Promise<void> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return new Promise<void>((resolve, reject) => {
    const feed = () => {
      const index = next();
      if (index === undefined) resolve();
      else worker.postMessage({ index, task: tasks[index] } satisfies WorkerRequest);
    };
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      // A reply may be on its way when the sweep is stopped: what is kept is decided by then.
      if (stop.aborted) return;
      if ("error" in data) return reject(new Error(`Workload ${data.index}: ${data.error}`));
      try {
        keep(data.index, data);
        feed();
      } catch (error) {
        reject(error);
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`A sweep worker failed: ${event.message}`));
    };
    stop.addEventListener("abort", () => resolve());
    feed();
  }).finally(() => worker.terminate());
}
