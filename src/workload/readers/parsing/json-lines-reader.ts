import type * as z from "zod";
import type { ReadLog } from "../read-log.ts";
import type { ReadTrace, TraceReader } from "../trace-format.ts";
import { checkRow } from "./check-row.ts";
import { jsonRowsReader } from "./json-rows-reader.ts";
import type { RowVerdict } from "./row-verdict.ts";

/** What a format does with lines of JSON. */
export interface JsonLines<S extends z.ZodType> {
  readonly log: ReadLog;
  /** Checks the object of a row; keys that a loose object lets through are reported as ignored. */
  readonly schema: S;
  /** @param place line of the row, or its number in an array, from 1 */
  take(row: z.output<S>, place: number): RowVerdict;
  end(): ReadTrace;
}

/**
 * A reader of JSON whose rows are objects, see `jsonRowsReader`. A row that is not what the schema says
 * is refused. The schema is run on every row.
 */
export function jsonLinesReader<S extends z.ZodType>(
  { log, schema, take, end }: JsonLines<S>,
): TraceReader {
  const known = "shape" in schema ? new Set(Object.keys(schema.shape as object)) : undefined;
  const ignored = new Set<string>();
  return jsonRowsReader({
    log,
    read(json, row) {
      const result = checkRow(schema, json, { file: log.source, row });
      if (!("data" in result)) return log.refuse(result);
      if (known !== undefined) {
        for (const key in json as object) if (!known.has(key)) ignored.add(key);
      }
      log.verdict(row, take(result.data, row));
    },
    end() {
      log.columnsIgnored.push(...ignored);
      return end();
    },
  });
}
