import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { parseColumnMap } from "../map/column-map.ts";
import { mappedReader } from "../map/mapped-reader.ts";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { tokensColumn } from "../parsing/columns.ts";
import { hasColumns, type Head } from "../parsing/head.ts";
import type { TraceFormat } from "../trace-format.ts";

/** A row of Azure's trace whose dates a spreadsheet wrote anew. */
export const AzureResavedRow = z.object({
  TIMESTAMP: z.string().meta({ description: "arrival, as 16/11/2023 18:15 or 11/16/2023 6:15 PM" }),
  ContextTokens: tokensColumn("length of the prompt"),
  GeneratedTokens: tokensColumn("length of the answer; 0: there was none", { min: 0 }),
});

/** What such a file leaves open. */
export const AzureResavedOptions = ArrivalOptions.extend({
  /** Whether the day or the month comes first. @default by the file, where one of its days tells */
  dates: z.enum(["dmy", "mdy"]).optional(),
});
export type AzureResavedOptions = z.output<typeof AzureResavedOptions>;

const DATE = /\b(\d{1,2})[/.-](\d{1,2})[/.-]\d{4} \d{1,2}:\d{2}/g;

/**
 * Azure's LLM inference trace, re-saved by a spreadsheet: dates have slashes, and mostly no seconds, so
 * that arrivals of a minute come at once. Whether the day or the month is first the file's beginning
 * tells, where a number above 12 is among them; else it is refused, and the option `dates` says it.
 * `azure` reads the originals.
 */
export const azureResaved: TraceFormat<AzureResavedOptions> = {
  name: "azure-resaved",
  title: "Azure LLM inference trace, re-saved by a spreadsheet",
  row: AzureResavedRow,
  options: AzureResavedOptions,
  recognise: (head) =>
    isResaved(head)
      ? "header with TIMESTAMP, ContextTokens and GeneratedTokens, and dates of a spreadsheet"
      : undefined,
  reader: (context) =>
    mappedReader(context, (head) => {
      const unit = context.options.dates ?? orderOf(head, context.log.source);
      context.log.assumptions.push(
        `dates are ${
          unit === "dmy" ? "day" : "month"
        } first, and mostly of whole minutes: a spreadsheet ` +
          "saved them; take the original if you can",
      );
      return {
        name: "Azure LLM inference trace",
        map: parseColumnMap(
          `arrival=TIMESTAMP:${unit},prompt=ContextTokens,output=GeneratedTokens`,
        ),
        required: ["arrival", "prompt", "output"],
      };
    }),
};

/** Whether a file of Azure's columns has a spreadsheet's dates. */
export function isResaved(head: Head): boolean {
  const [, first = ""] = head.text.split("\n", 2);
  return hasColumns(head, ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]) &&
    first.search(DATE) >= 0;
}

function orderOf({ text }: Head, file: string): "dmy" | "mdy" {
  const dates = [...text.matchAll(DATE)];
  const dayFirst = dates.some(([, first]) => Number(first) > 12);
  const monthFirst = dates.some(([, , second]) => Number(second) > 12);
  if (dayFirst !== monthFirst) return dayFirst ? "dmy" : "mdy";
  throw new InputError({
    file,
    row: 2,
    field: "TIMESTAMP",
    value: dates[0]?.[0],
    expected: "dates that tell the day from the month: say which is first, --option dates=dmy or " +
      "--option dates=mdy",
  });
}
