import Papa from "papaparse";
import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { countColumn, tokensColumn } from "../parsing/columns.ts";
import { CsvReader, positions } from "../parsing/csv-reader.ts";
import { type DateForm, parseDateText } from "../parsing/date-text.ts";
import { delimiterOf } from "../parsing/delimiter.ts";
import { hasColumns, type Head } from "../parsing/head.ts";
import { TICKS } from "../parsing/instant.ts";
import type { RowVerdict } from "../parsing/row-verdict.ts";
import { AzureRows, isLogDate } from "./azure-rows.ts";
import type { ReadContext, TraceFormat, TraceReader } from "../trace-format.ts";

/** A row of Azure's trace whose dates a spreadsheet wrote anew. */
export const AzureResavedRow = z.strictObject({
  TIMESTAMP: z.string().max(64).meta({
    description: "arrival, as 16/11/2023 18:15, 11/16/2023 6:15 PM or 2023-11-16 18:15",
  }),
  NumImages: countColumn("images in the prompt").optional(),
  ContextTokens: tokensColumn("length of the prompt"),
  GeneratedTokens: tokensColumn("length of the answer; 0: there was none", { min: 0 }),
});

/** What such a file leaves open. */
export const AzureResavedOptions = z.strictObject({
  /** Whether the day or the month comes first. @default by the file, where one of its days tells */
  dates: z.enum(["dmy", "mdy"]).optional(),
});
export type AzureResavedOptions = z.output<typeof AzureResavedOptions>;

const AT = positions(AzureResavedRow);
const MINUTE = 60 * TICKS;
/** Dates as spreadsheets write them: with the year last, or without seconds. */
const SPREADSHEET_DATE =
  /^(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4},?\s+\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(?![:\d]))/;
/** How a spreadsheet shows dates with a fraction of a second: what comes before the minute is lost. */
const MINUTES_AND_SECONDS = /^\d{1,2}:\d{2}[.,]\d+$/;
const EXPECTED = "a date and time like 16/11/2023 18:15, 11/16/2023 6:15:46 PM or 2023-11-16 18:15";
const SAY_WHICH = "say which is first, --option dates=dmy or --option dates=mdy";
const FIRST = { dmy: "day", mdy: "month" } as const;

/**
 * Azure's LLM inference traces, re-saved by a spreadsheet: dates have slashes or dots, and mostly no
 * seconds, so that arrivals of a minute come at once. Whether the day or the month is first the whole
 * column tells, where a number above 12 is among them; else the file is refused, and the option `dates`
 * says it. `azure` reads the originals.
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
  reader: (context) => new AzureResavedReader(context),
};

/** Whether a file of Azure's columns has a spreadsheet's dates. */
export function isResaved(head: Head): boolean {
  const at = head.header.indexOf("TIMESTAMP");
  if (!hasColumns(head, ["TIMESTAMP", "ContextTokens", "GeneratedTokens"])) return false;
  const [header, ...rows] = head.text.split("\n", 100);
  const delimiter = delimiterOf(header);
  // A request without an answer may have no time.
  const cell = Papa.parse<string[]>(rows.join("\n"), { delimiter }).data
    .map((cells) => cells[at] ?? "").find((each) => each !== "") ?? "";
  return SPREADSHEET_DATE.test(cell) || MINUTES_AND_SECONDS.test(cell);
}

/** What a text is as a date in each of the forms that it has. */
type Readings = Readonly<Partial<Record<DateForm, { ticks: number; zoned: boolean }>>>;
const FORMS = ["iso", "dmy", "mdy"] as const;

class AzureResavedReader implements TraceReader {
  readonly #context: ReadContext<AzureResavedOptions>;
  readonly #rows = new AzureRows();
  readonly #csv: CsvReader;
  /** Of every text, by its code. */
  readonly #readings: Readings[] = [];
  /** The first row whose date has the form, and the first whose date has not. */
  readonly #first = new Map<DateForm, { row: number; text: string }>();
  readonly #firstOther = new Map<DateForm, { row: number; text: string }>();
  readonly #forms: readonly DateForm[];

  constructor(context: ReadContext<AzureResavedOptions>) {
    this.#context = context;
    const { log, options: { dates } } = context;
    this.#forms = dates === undefined ? FORMS : ["iso", dates];
    this.#csv = new CsvReader(AzureResavedRow, { log, take: (values) => this.#take(values) });
  }

  push(bytes: Uint8Array): void {
    this.#csv.push(bytes);
  }

  end() {
    this.#csv.end();
    const form = this.#form();
    const { log } = this.#context;
    const dates = this.#readings.flatMap((each) => each[form] ?? []);
    if (dates.length > 0) {
      const zone = dates.some(({ zoned }) => !zoned) ? ", name no zone and are UTC" : "";
      const order = form === "iso" ? "" : ` and have the ${FIRST[form as "dmy" | "mdy"]} first`;
      log.assumptions.push(`dates were written by a spreadsheet${order}${zone}`);
      if (dates.every(({ ticks }) => ticks % MINUTE === 0)) {
        log.assumptions.push(
          "times are whole minutes: requests of a minute come at once, unless --option spread=uniform " +
            "spreads them; the original has fractions of seconds",
        );
      }
    }
    return this.#rows.finish(this.#context, (code) => this.#readings[code][form]!.ticks);
  }

  #take(values: Float64Array): RowVerdict {
    const code = values[AT.TIMESTAMP];
    const outputTokens = values[AT.GeneratedTokens];
    const text = code < 0 ? "" : this.#csv.names(AT.TIMESTAMP)[code];
    const readings = code < 0 ? {} : this.#readings[code] ??= readingsOf(text, this.#forms);
    const isDate = Object.keys(readings).length > 0;
    if (!isDate && outputTokens > 0) return noDate(text, this.#context.options);
    if (isDate) this.#note(readings, text);
    return this.#rows.take({
      time: isDate ? code : NaN,
      promptTokens: values[AT.ContextTokens],
      outputTokens,
      images: values[AT.NumImages],
    });
  }

  #note(readings: Readings, text: string): void {
    for (const form of this.#forms) {
      const places = readings[form] === undefined ? this.#firstOther : this.#first;
      if (!places.has(form)) places.set(form, { row: this.#csv.row, text });
    }
  }

  /** The one form that all dates have. */
  #form(): DateForm {
    const all = this.#forms.filter((form) => !this.#firstOther.has(form));
    if (all.length === 1 || this.#first.size === 0) return all[0];
    const file = this.#context.log.source;
    const refuse = (place: { row: number; text: string }, expected: string): never => {
      throw new InputError({
        file,
        row: place.row,
        field: "TIMESTAMP",
        value: place.text,
        expected,
      });
    };
    if (all.length === 0) {
      // No form fits all: the first row that does not go on as the file began.
      const place = this.#forms.flatMap((form) =>
        this.#first.get(form)?.row === this.#firstRow() ? this.#firstOther.get(form) ?? [] : []
      ).reduce((latest, each) => each.row > latest.row ? each : latest);
      return refuse(place, "a date in the order of the rows before, as one file has one order");
    }
    const alike = this.#readings.every(({ dmy, mdy }) => dmy?.ticks === mdy?.ticks);
    if (alike) return all[0];
    return refuse(
      this.#first.get(all[0])!,
      `a day above 12 in some row, which tells the day from the month: ${SAY_WHICH}`,
    );
  }

  #firstRow(): number {
    return Math.min(...Array.from(this.#first.values(), ({ row }) => row));
  }
}

function readingsOf(text: string, forms: readonly DateForm[]): Readings {
  const found = forms.flatMap((form) => {
    const date = parseDateText(text, form);
    return date !== undefined && isLogDate(date.ticks) ? [[form, date]] : [];
  });
  return Object.fromEntries(found) as Readings;
}

function noDate(text: string, { dates }: AzureResavedOptions) {
  const expected = MINUTES_AND_SECONDS.test(text)
    ? `${EXPECTED}: a spreadsheet showed minutes and seconds alone, and the day and the hour are lost; ` +
      "take the original, or save the column in a form that has both"
    : dates === undefined
    ? EXPECTED
    : `${EXPECTED}, with the ${FIRST[dates]} first`;
  return { field: "TIMESTAMP", value: text, expected };
}
