import type { Run } from "../../runs/run.ts";
import { decode, encode } from "../encode.ts";
import type { Column, JsonObject } from "../encode.ts";

/**
 * A run as data alone, which can cross between threads and be written: without the text of prompts,
 * and with the names of definitions in its provenance instead of their code. Columns are shared with
 * the run.
 */
export function plainRun(run: Run): Run {
  const { promptText: _, ...requests } = run.requests;
  const columns: Column[] = [];
  const json = encode({ ...run, requests }, {
    column: (values) => ({ $column: columns.push(values) - 1 }),
    module: nameOf,
    object: nameOf,
  });
  return decode(
    json!,
    (mark) => "$name" in mark ? mark.$name : columns[Number(mark.$column)],
  ) as Run;
}

function nameOf(definition: object): JsonObject | undefined {
  const { name } = definition as { readonly name?: unknown };
  return typeof name === "string" ? { $name: name } : undefined;
}
