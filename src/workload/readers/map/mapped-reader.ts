import { concatenated } from "../../../collections/concatenated.ts";
import type { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { type Head, HEAD_BYTES, headOf } from "../parsing/head.ts";
import type { ReadContext, TraceReader } from "../trace-format.ts";
import type { ParsedMap } from "./column-map.ts";
import { csvTable } from "./csv-table.ts";
import { type JsonRow, jsonTable } from "./json-table.ts";
import { planOf, type RowFilter } from "./map-plan.ts";
import { assertColumns, presentColumns } from "./present-columns.ts";

/** A table or a log of JSON whose columns a map names. */
export interface MappedTable {
  /** Name of the workload, for people. */
  readonly name: string;
  /** What is what, by the file's beginning. */
  readonly map: ParsedMap;
  /** Targets that a file has to have; the others may be missing. @default all of the map */
  readonly required?: (keyof ParsedMap)[];
  /** Rows that are no requests to serve. */
  readonly filters?: readonly RowFilter[];
  /** Rows within a value of JSON, see `JsonTable`. */
  readonly expand?: (value: unknown) => Iterable<JsonRow> | undefined;
  /** What stands before the fraction of a number in a table, see `CsvReader`. */
  readonly decimal?: "point" | "comma";
  /** Where the map is from, for messages. */
  readonly mapFile?: string;
  /** What to do where no row has token counts, for messages. */
  readonly withoutCounts?: string;
  /** Why a row is left aside that only the others show to be none; by its line. */
  readonly asideAtEnd?: (row: number) => string | undefined;
}

/** Whether a file that begins so is JSON. */
export function isJson({ text }: Pick<Head, "text">): boolean {
  return /^\s*[{[]/.test(text);
}

/**
 * A reader of a file whose columns a map names: a table with a header, or JSON. The map may depend on the
 * file's beginning, see {@link Head}. Throws an InputError for a map that does not fit the file.
 */
export function mappedReader(
  context: ReadContext<ArrivalOptions>,
  tableOf: (head: Head) => MappedTable,
): TraceReader {
  const first: Uint8Array[] = [];
  let size = 0;
  let reader: TraceReader | undefined;
  const begin = (whole: boolean): TraceReader => {
    const bytes = concatenated(first);
    first.length = 0;
    const opened = open(context, headOf(bytes, whole), tableOf);
    if (bytes.length > 0) opened.push(bytes);
    return opened;
  };
  return {
    push(bytes) {
      if (reader !== undefined) return reader.push(bytes);
      first.push(bytes.slice());
      size += bytes.length;
      if (size > HEAD_BYTES) reader = begin(false);
    },
    end: () => (reader ?? begin(true)).end(),
  };
}

function open(
  context: ReadContext<ArrivalOptions>,
  head: Head,
  tableOf: (head: Head) => MappedTable,
): TraceReader {
  const table = tableOf(head);
  const { map, filters, mapFile } = table;
  const needed = table.required === undefined
    ? map
    : Object.fromEntries(table.required.map((each) => [each, map[each]]));
  const file = context.log.source;
  if (isJson(head)) {
    return jsonTable(context, {
      ...table,
      plan: planOf(map, filters, mapFile),
      assertSeen: (has, columns) => assertColumns(needed, has, { file, columns }),
    });
  }
  const columns = head.header;
  const has = (column: string) => columns.includes(column);
  // An empty file is refused by the reader of tables.
  if (columns.some((each) => each !== "")) assertColumns(needed, has, { file, row: 1, columns });
  const present = presentColumns(map, has);
  const plan = planOf(present, filters?.filter(({ column }) => has(column)), mapFile);
  return csvTable(context, { ...table, plan });
}
