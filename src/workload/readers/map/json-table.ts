import { InputError } from "../../../errors/input-error.ts";
import { parsePythonJson } from "../../../errors/parse-json.ts";
import { hasLongNumber, parseExactJson } from "./exact-json.ts";
import type { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { jsonRowsReader } from "../parsing/json-rows-reader.ts";
import type { ReadContext, TraceReader } from "../trace-format.ts";
import { flatRow } from "./flat-row.ts";
import { JsonCells } from "./json-cells.ts";
import type { MapPlan } from "./map-plan.ts";
import { MappedRows, type RowsEnding } from "./mapped-rows.ts";

/** A row out of a value of JSON: an object, or why it is no request. */
export type JsonRow = { readonly row: object } | { readonly setAside: string };

/** How a file of JSON is read. */
export interface JsonTable extends RowsEnding {
  readonly plan: MapPlan;
  /** Whether the rows of a value are its own, numbered through the file; absent: each value is a row. */
  readonly expand?: (value: unknown) => Iterable<JsonRow> | undefined;
  /** Is told at the end which columns any row had, and what else rows have. */
  readonly assertSeen: (has: (column: string) => boolean, columns: readonly string[]) => void;
}

/** Rows whose keys are gathered for the report, and whose paths for messages. */
const [KEYS_OF, PATHS_OF] = [1000, 50];

/** Reads rows of JSON by a plan: lines, an array, or values of several lines each. */
export function jsonTable(context: ReadContext<ArrivalOptions>, table: JsonTable): TraceReader {
  const { plan, expand, assertSeen } = table;
  const { log } = context;
  const cells = new JsonCells(plan);
  const rows = new MappedRows(plan, (slot) => cells.names(slot));
  const keys = new Set<string>();
  const paths = new Set<string>();
  let seen = 0;
  const take = (row: unknown, line: number) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      return log.refuse([{ file: log.source, row: line, value: row, expected: "a JSON object" }]);
    }
    if (seen < PATHS_OF) { for (const [path] of flatRow(row)) paths.add(path); }
    if (seen++ < KEYS_OF) { for (const key in row) keys.add(key); }
    const problems = cells.read(row);
    if (problems.length === 0) log.verdict(line, rows.take(cells.values, line));
    else log.refuse(problems.map((problem) => ({ file: log.source, row: line, ...problem })));
  };
  let number = 0;
  return jsonRowsReader({
    log,
    parserFor: (text) => hasLongNumber(text) ? parseExactJson : parsePythonJson,
    documents: true,
    read(value, line) {
      const own = expand?.(value);
      if (own === undefined) return take(value, line);
      for (const each of own) {
        number++;
        if ("setAside" in each) log.setAside(each.setAside);
        else take(each.row, number);
      }
    },
    end() {
      if (seen > 0) assertSeen((column) => cells.has(column), [...paths]);
      const used = plan.slots.map(({ column }) => column);
      log.columnsIgnored.push(
        ...[...keys].filter((key) =>
          !used.some((each) => each === key || each.startsWith(`${key}.`))
        ),
      );
      return rows.finish(context, table);
    },
  });
}

/** The rows at a path of a document. Throws an InputError where there is no list. */
export function rowsAtPath(
  path: string,
  read: (value: object) => unknown,
  file: string,
): (value: unknown) => Iterable<JsonRow> {
  return (value) => {
    const list = typeof value === "object" && value !== null ? read(value) : undefined;
    if (!Array.isArray(list)) {
      throw new InputError({ file, field: path, value: list, expected: "a list of rows there" });
    }
    return list.map((row) => ({ row }));
  };
}
