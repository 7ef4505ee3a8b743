/// <reference lib="webworker" />
import { runTask, type SweepTask } from "./task.ts";

/** What a sweep's worker is sent and what it answers. */
export type WorkerRequest = { readonly index: number; readonly task: SweepTask };
export type WorkerReply =
  | { readonly index: number; readonly names: readonly string[]; readonly values: Float64Array }
  | { readonly index: number; readonly error: string };

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = ({ data }: MessageEvent<WorkerRequest>) => {
  const { index, task } = data;
  try {
    const { names, values } = runTask(task);
    scope.postMessage({ index, names, values } satisfies WorkerReply, [values.buffer]);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    scope.postMessage({ index, error: text } satisfies WorkerReply);
  }
};
