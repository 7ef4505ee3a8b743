import { objectName, type SweepCell } from "../cell.ts";
import type { StoredResult } from "../stores/result-store.ts";
import { cellError } from "./cell-error.ts";
import { Channel } from "./channel.ts";
import type { ExecuteOptions, Executor } from "./executor.ts";
import { type CellGroup, groupCells } from "./group.ts";
import { runCells } from "./run-cells.ts";
import { runGroups } from "./this-thread.ts";
import type { WorkerReply, WorkerRequest } from "./worker.ts";

/** Options of {@link inWorkers}. */
export interface WorkersOptions {
  /** Workers side by side, at least 1. @default cores */
  readonly workers?: number;
}

/**
 * Executes cells in web workers. Definitions from `fromModule` are imported by each of them; cells
 * with a definition that is a plain object run in this thread meanwhile, and a notice names it.
 */
export function inWorkers(
  { workers = navigator.hardwareConcurrency }: WorkersOptions = {},
): Executor {
  return {
    run: (cells, options) =>
      runCells(
        cells,
        options,
        (cells, open) => execute(cells, groupCells(cells, open, workers), { ...options, workers }),
      ),
  };
}

interface Outcome {
  readonly index: number;
  readonly result: StoredResult;
}

async function* execute(
  cells: readonly SweepCell[],
  groups: readonly CellGroup[],
  { workers, signal, onNotice }: ExecuteOptions & { readonly workers: number },
): AsyncGenerator<Outcome> {
  const channel = new Channel<Outcome>();
  const over = new AbortController();
  const end = () => {
    over.abort();
    channel.close();
  };
  const away = groups.filter(({ local }) => !local);
  const here = groups.filter(({ local }) => local);
  noticeLocal(cells, here, onNotice);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  const supply = { cells, channel, next: () => over.signal.aborted ? undefined : away.shift() };
  const started = Array.from({ length: Math.min(workers, away.length) }, () => startWorker(supply));
  const all = [
    ...started.map(({ done }) => done),
    runHere(cells, here, { channel, signal: over.signal }),
  ];
  void Promise.all(all).then(() => channel.close(), (error) => channel.fail(error));
  try {
    yield* channel;
  } finally {
    end();
    signal?.removeEventListener("abort", end);
    for (const { worker } of started) worker.terminate();
  }
}

/** Names the definitions that cannot go into a worker, in one sentence. */
function noticeLocal(
  cells: readonly SweepCell[],
  groups: readonly CellGroup[],
  onNotice: ExecuteOptions["onNotice"],
): void {
  if (groups.length === 0) return;
  const indices = groups.flatMap((group) => group.indices);
  const objects = new Set(indices.flatMap((index) => [...cells[index].parts.objects.values()]));
  const named = [...new Set([...objects].map(objectName))];
  onNotice?.(
    `${indices.length} cells run in this thread and are not stored, for ${
      named.join(", ")
    } cannot ` +
      `go into a worker: write it as a module and pass what fromModule() makes of it`,
  );
}

async function runHere(
  cells: readonly SweepCell[],
  groups: readonly CellGroup[],
  { channel, signal }: { readonly channel: Channel<Outcome>; readonly signal: AbortSignal },
): Promise<void> {
  for await (const outcome of runGroups(cells, groups, signal)) channel.push(outcome);
}

interface Supply {
  readonly cells: readonly SweepCell[];
  readonly channel: Channel<Outcome>;
  next(): CellGroup | undefined;
}

/** Starts a worker that is fed group after group; `done` when none is left. */
function startWorker({ cells, channel, next }: Supply): {
  readonly worker: Worker;
  readonly done: Promise<void>;
} {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let names: readonly string[] = [];
  const done = new Promise<void>((resolve, reject) => {
    const feed = () => {
      const group = next();
      if (group === undefined) resolve();
      else worker.postMessage(requestOf(cells, group));
    };
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      if ("error" in data) return reject(cellError(cells[data.index], new Error(data.error)));
      names = data.names ?? names;
      const { index, values, run } = data;
      channel.push({ index, result: { names, values, ...run !== undefined && { run } } });
      if (data.last) feed();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`A sweep worker failed: ${event.message}`));
    };
    feed();
  });
  return { worker, done };
}

function requestOf(cells: readonly SweepCell[], { indices }: CellGroup): WorkerRequest {
  const columns = new Map(indices.flatMap((index) => [...cells[index].parts.columns]));
  return {
    workload: cells[indices[0]].spec.workload,
    cells: indices.map((index) => {
      const { spec: { options, summary }, keep } = cells[index];
      return { index, spec: { options, summary }, keep };
    }),
    columns,
  };
}
