import type { SweepCell } from "../cell.ts";
import { labelText } from "../cell-labels.ts";
import { type Json, type JsonObject, markOf } from "../encode.ts";

const LONGEST = 160;

/** A workload's source in a few words. */
function workloadText(workload: Json): string {
  const object = workload as JsonObject;
  if (markOf(object) === "$object") return `of ${object.name}`;
  const { source, generate, parameters, workload: columns } = object;
  const text = source === "generator"
    ? `${(generate as JsonObject).$module}#${(generate as JsonObject).export} ` +
      JSON.stringify(parameters)
    : source === "columns"
    ? String((columns as JsonObject).name)
    : JSON.stringify(object);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** The error of a cell that failed: its labels, its workload, and why. */
export function cellError({ labels, spec }: SweepCell, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  const text = `Cell ${labelText(labels)} (workload ${workloadText(spec.workload)}): ${why}`;
  return new Error(text, { cause });
}
