/// <reference lib="webworker" />
import type { Workload } from "../../workload/workload.ts";
import type { CellParts, CellSpec } from "../cell.ts";
import type { Column, Json } from "../encode.ts";
import type { StoredResult } from "../stores/result-store.ts";
import { makeWorkload } from "../workload-source.ts";
import { decodeCell, decodeWorkload, importModules } from "./decode-cell.ts";
import { runCell } from "./run-cell.ts";

/** A group of cells that a worker is sent: specs, and the columns that they name. */
export interface WorkerRequest {
  readonly workload: Json;
  readonly cells: readonly {
    readonly index: number;
    readonly spec: Pick<CellSpec, "options" | "summary">;
    readonly keep: boolean;
  }[];
  readonly columns: ReadonlyMap<string, Column>;
}

/** What it answers: the result of one cell, or why it has none; `last` ends the group. */
export type WorkerReply =
  | { readonly index: number; readonly error: string }
  | {
    readonly index: number;
    readonly last: boolean;
    /** Null: as in the reply before. */
    readonly names: readonly string[] | null;
    readonly values: Float64Array;
    readonly run?: StoredResult["run"];
  };

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
let sentNames = "";

function reply({ names, values, run }: StoredResult, index: number, last: boolean): void {
  const all = names.join("\n");
  const message = { index, last, names: all === sentNames ? null : names, values, run };
  sentNames = all;
  // A run's columns are copied, not handed over: it shares some with the workload and other runs.
  scope.postMessage(message satisfies WorkerReply, [values.buffer]);
}

const modules = new Map<string, object>();

scope.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  const parts: CellParts = { columns: data.columns, modules, objects: new Map() };
  let workload: Workload | null = null;
  for (const [i, { index, spec, keep }] of data.cells.entries()) {
    try {
      if (workload === null) {
        await importModules(data.workload, modules);
        workload = makeWorkload(decodeWorkload(data.workload, parts));
      }
      await importModules(spec.options, modules);
      const result = runCell(workload, { ...decodeCell(spec, parts), keep });
      reply(result, index, i === data.cells.length - 1);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      scope.postMessage({ index, error: text } satisfies WorkerReply);
      return;
    }
  }
};
