import Papa from "papaparse";
import { endOfJson } from "../../../../errors/parse-json.ts";
import { delimiterOf } from "../../parsing/delimiter.ts";
import type { Head } from "../../parsing/head.ts";
import { parseExactJson } from "../exact-json.ts";
import { flatRow } from "../flat-row.ts";
import { isJson } from "../mapped-reader.ts";

/** Rows that are looked at. */
const ROWS = 200;

/** Values of the first rows of a table by column, or by path; null where a row says nothing. */
export type SampledColumns = ReadonlyMap<string, readonly unknown[]>;

/** The first rows of a table or of a log of JSON; undefined where the file is neither. */
export function sampleRows(head: Head): SampledColumns | undefined {
  return isJson(head) ? sampleJson(head) : sampleTable(head);
}

function sampleTable({ text, whole }: Head): SampledColumns | undefined {
  const lines = text.split("\n");
  // The last line may be cut.
  if (!whole) lines.pop();
  const [first, ...rest] = lines.slice(0, ROWS + 1).filter((line) => line !== "");
  if (first === undefined) return undefined;
  const { data, errors } = Papa.parse<string[]>([first, ...rest].join("\n"), {
    delimiter: delimiterOf(first),
  });
  const [names, ...rows] = data;
  const isTable = names.length > 1 && rows.length > 0 && errors.length === 0 &&
    new Set(names).size === names.length && names.some((name) => /[A-Za-z]/.test(name)) &&
    rows.every((row) => row.length === names.length);
  if (!isTable) return undefined;
  return new Map(names.map((name, at) => [name, rows.map((row) => row[at])]));
}

function sampleJson({ text, isArray }: Head): SampledColumns | undefined {
  const columns = new Map<string, unknown[]>();
  let count = 0;
  for (const value of valuesOf(text, isArray)) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    for (const [path, each] of flatRow(value)) {
      if (!columns.has(path)) columns.set(path, Array(count).fill(null));
      columns.get(path)!.push(each ?? null);
    }
    count++;
    for (const column of columns.values()) if (column.length < count) column.push(null);
    if (count >= ROWS) break;
  }
  return count > 0 ? columns : undefined;
}

/** Whole values of JSON behind each other, between the commas of an array or not. */
function* valuesOf(text: string, isArray: boolean): Generator<unknown> {
  let at = isArray ? text.indexOf("[") + 1 : 0;
  while (true) {
    const start = text.slice(at).search(/[^\s,]/) + at;
    if (start < at || text[start] !== "{") return;
    at = endOfJson(text, start);
    try {
      yield parseExactJson(text.slice(start, at));
    } catch {
      return;
    }
  }
}
