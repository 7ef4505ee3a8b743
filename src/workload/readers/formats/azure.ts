import * as z from "zod";
import { countColumn, instantColumn, orBlank, tokensColumn } from "../parsing/columns.ts";
import { CsvReader, positions } from "../parsing/csv-reader.ts";
import { hasColumns } from "../parsing/head.ts";
import { formatInstant } from "../parsing/instant.ts";
import type { RowProblem } from "../parsing/row-verdict.ts";
import { AzureRows, EXPECTED_DATE, isLogDate } from "./azure-rows.ts";
import { isResaved } from "./azure-resaved.ts";
import type { TraceFormat } from "../trace-format.ts";

/** A row of Azure's traces of 2023, 2024 and, with images, 2025. */
export const AzureRow = z.strictObject({
  TIMESTAMP: orBlank(instantColumn("arrival; UTC where no zone is given")),
  NumImages: countColumn("images in the prompt").optional(),
  ContextTokens: tokensColumn("length of the prompt"),
  GeneratedTokens: tokensColumn("length of the answer; 0: there was none", { min: 0 }),
});

const AT = positions(AzureRow);

/**
 * Azure's LLM inference traces: 2023 (Patel et al., ISCA 2024), the week of 2024 (Stojkovic et al.,
 * HPCA 2025) and the multimodal one of 2025 (Qiu et al., SoCC 2025), whose count of images is kept as
 * `NumImages`. Times have seven digits and no zone, or six and one; both are exact to 0.1 µs. A file
 * is one service, which no column names: give it a category with a transform.
 */
export const azure: TraceFormat = {
  name: "azure",
  title: "Azure LLM inference trace, 2023 to 2025",
  row: AzureRow,
  recognise: (head) =>
    hasColumns(head, ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]) && !isResaved(head)
      ? `header with TIMESTAMP, ContextTokens and GeneratedTokens${
        head.header.includes("NumImages") ? ", and NumImages as of 2025" : ""
      }`
      : undefined,
  reader(context) {
    const rows = new AzureRows();
    const csv = new CsvReader(AzureRow, {
      log: context.log,
      take(values) {
        const time = values[AT.TIMESTAMP];
        const outputTokens = values[AT.GeneratedTokens];
        if (!isLogDate(time) && outputTokens > 0) return noDate(time);
        return rows.take({
          time: isLogDate(time) ? time : NaN,
          promptTokens: values[AT.ContextTokens],
          outputTokens,
          images: values[AT.NumImages],
        });
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        return rows.finish(context);
      },
    };
  },
};

function noDate(ticks: number): RowProblem {
  return {
    field: "TIMESTAMP",
    value: Number.isNaN(ticks) ? "" : formatInstant(ticks),
    expected: EXPECTED_DATE,
  };
}
