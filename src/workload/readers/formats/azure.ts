import * as z from "zod";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder } from "../parsing/builders.ts";
import { countColumn, instantColumn, orBlank, tokensColumn } from "../parsing/columns.ts";
import { CsvReader, positions } from "../parsing/csv-reader.ts";
import { hasColumns } from "../parsing/head.ts";
import { formatInstant, parseInstant, TICKS } from "../parsing/instant.ts";
import type { RowProblem } from "../parsing/row-verdict.ts";
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
/** Dates that a log of requests can have: others are what is written where there is none. */
const [EARLIEST, LATEST] = ["1990", "2101"].map((year) => {
  const bytes = new TextEncoder().encode(`${year}-01-01 00:00:00`);
  return parseInstant(bytes, 0, bytes.length);
});
const NO_ANSWER = { setAside: "requests without an answer (no generated tokens)" };

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
    const served = { ticks: new Float64Builder(), prompt: new Int32Builder() };
    const failed = { ticks: new Float64Builder(), prompt: new Int32Builder() };
    const outputTokens = new Int32Builder();
    const images = new Int32Builder();
    const csv = new CsvReader(AzureRow, {
      log: context.log,
      take(values) {
        const output = values[AT.GeneratedTokens];
        const rows = output === 0 ? failed : served;
        const ticks = values[AT.TIMESTAMP];
        const isDate = ticks >= EARLIEST && ticks < LATEST;
        if (!isDate && output > 0) return noDate(ticks);
        rows.ticks.push(isDate ? ticks : NaN);
        rows.prompt.push(values[AT.ContextTokens]);
        if (output === 0) return NO_ANSWER;
        outputTokens.push(output);
        if (values[AT.NumImages] >= 0) images.push(values[AT.NumImages]);
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        const ticks = served.ticks.finish();
        const ended = failed.ticks.finish();
        // A request without an answer may have no usable time.
        const first = ticks.reduce((least, tick) => Math.min(least, tick), Infinity);
        const since = (times: Float64Array) => times.map((tick) => (tick - first) / TICKS);
        if (Number.isFinite(first)) {
          context.log.assumptions.push(
            `time 0 is that of the first request, ${formatInstant(first)}`,
          );
        }
        return assembleTrace(context, {
          name: "Azure LLM inference trace",
          served: {
            arrival: since(ticks),
            promptTokens: served.prompt.finish(),
            outputTokens: outputTokens.finish(),
            ...images.length > 0 && { extra: { NumImages: images.finish() } },
          },
          unserved: {
            arrival: since(ended),
            promptTokens: failed.prompt.finish(),
            status: "failed",
          },
        });
      },
    };
  },
};

function noDate(ticks: number): RowProblem {
  return {
    field: "TIMESTAMP",
    value: Number.isNaN(ticks) ? "" : formatInstant(ticks),
    expected: "a date from 1990 to 2100: a year of 1 or 9999 says that there is none",
  };
}
