import { CsvReader } from "../parsing/csv-reader.ts";
import type { ReadContext, TraceReader } from "../trace-format.ts";
import type { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { type MapPlan, schemaOf } from "./map-plan.ts";
import { MappedRows, type RowsEnding } from "./mapped-rows.ts";

/** Reads a table with a header by a plan. Bytes become numbers without strings or objects between. */
export function csvTable(
  context: ReadContext<ArrivalOptions>,
  { plan, decimal, ...ending }:
    & { readonly plan: MapPlan; readonly decimal?: "point" | "comma" }
    & RowsEnding,
): TraceReader {
  const rows = new MappedRows(plan, (slot) => csv.names(slot));
  const csv: CsvReader = new CsvReader(schemaOf(plan), {
    log: context.log,
    decimal,
    take: (values) => rows.take(values, csv.row),
  });
  return {
    push: (bytes) => csv.push(bytes),
    end() {
      csv.end();
      return rows.finish(context, ending);
    },
  };
}
