import type * as z from "zod";
import { CsvReader } from "./csv-reader.ts";
import type { ReadLog } from "../read-log.ts";
import type { RowVerdict } from "./row-verdict.ts";

/** What is done with the rows of a CSV file that are objects. */
export interface CsvRows<S extends z.ZodObject> {
  readonly log: ReadLog;
  take(row: z.output<S>): RowVerdict;
  /** Columns of a file without a header, in order. */
  readonly header?: readonly string[];
}

/**
 * A {@link CsvReader} whose rows are objects: for formats with many columns and not many rows. A
 * column that the file lacks is a key that the row lacks; instants are ticks.
 */
export function csvRowReader<S extends z.ZodObject>(
  schema: S,
  { log, take, header }: CsvRows<S>,
): CsvReader {
  const keys = Object.keys(schema.shape);
  const reader: CsvReader = new CsvReader(schema, {
    log,
    header,
    take(values) {
      const row: Record<string, number | string> = {};
      for (let slot = 0; slot < keys.length; slot++) {
        const value = values[slot];
        if (Number.isNaN(value)) continue;
        const isText = reader.kind(slot) === "text";
        row[keys[slot]] = !isText ? value : value < 0 ? "" : reader.names(slot)[value];
      }
      return take(row as z.output<S>);
    },
  });
  return reader;
}
