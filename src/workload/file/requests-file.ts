import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import type { Labels, PromptBlocks, Requests } from "../workload.ts";
import type { ColumnReader } from "./column-reader.ts";
import { columnType, encodeColumn } from "./json-column.ts";
import { Column, encodeLabels, LabelColumn } from "./label-column.ts";

const NumberColumn = z.strictObject({ type: z.enum(["int32", "float64"]), values: Column });

/** Phases of arrivals, as a file has them. */
export const PhasesFile = z.array(z.strictObject({
  name: z.string(),
  first: z.int().min(0),
  afterDrainSeconds: z.number().min(0),
})).min(1);

/** The columns of {@link Requests} as a file has them, all but the prompts' text. */
export const RequestsFile = z.strictObject({
  tenant: LabelColumn,
  tier: LabelColumn,
  category: LabelColumn,
  arrival: Column,
  maxTokens: Column,
  promptTokens: Column,
  promptWords: Column.optional(),
  session: LabelColumn.optional(),
  model: LabelColumn.optional(),
  promptBlocks: z.strictObject({
    tokensPerBlock: z.int().min(1).optional(),
    offsets: Column,
    values: Column,
    tokens: Column.optional(),
    answers: Column.optional(),
    parts: LabelColumn.optional(),
  }).refine(({ tokens, tokensPerBlock }) => !tokens || tokensPerBlock === undefined, {
    path: ["tokens"],
    error: "none beside tokensPerBlock",
  }).optional(),
  /** By pairs, because a name may be one that every object has. */
  extra: z.array(z.tuple([z.string(), z.union([LabelColumn, NumberColumn])])).optional(),
});
export type RequestsFile = z.output<typeof RequestsFile>;

/** Requests as a file has them; undefined for what they do not have. */
export function encodeRequests(requests: Requests) {
  const { promptWords, session, model, promptBlocks, extra } = requests;
  return {
    tenant: encodeLabels(requests.tenant),
    tier: encodeLabels(requests.tier),
    category: encodeLabels(requests.category),
    arrival: encodeColumn(requests.arrival),
    maxTokens: encodeColumn(requests.maxTokens),
    promptTokens: encodeColumn(requests.promptTokens),
    promptWords: promptWords && encodeColumn(promptWords),
    session: session && encodeLabels(session),
    model: model && encodeLabels(model),
    promptBlocks: promptBlocks && encodeBlocks(promptBlocks),
    extra: extra && Object.entries(extra).map(([name, column]) => [name, encodeExtra(column)]),
  };
}

function encodeBlocks(
  { tokensPerBlock, offsets, values, tokens, answers, parts }: PromptBlocks,
) {
  return {
    ...tokensPerBlock !== undefined && { tokensPerBlock },
    offsets: encodeColumn(offsets),
    values: encodeColumn(values),
    ...tokens && { tokens: encodeColumn(tokens) },
    ...answers && { answers: encodeColumn(answers) },
    ...parts && { parts: encodeLabels(parts) },
  };
}

function encodeExtra(column: Labels | Int32Array | Float64Array) {
  if ("codes" in column) return encodeLabels(column);
  return { type: columnType(column), values: encodeColumn(column) };
}

/** Refuses a file whose size is not the number of its requests, before anything of that size is made. */
export function checkSize(
  { size, requests }: { readonly size: number; readonly requests: Pick<RequestsFile, "arrival"> },
  file: string,
): void {
  const { length } = requests.arrival;
  if (size === length) return;
  const expected = `${length}, the number of values in requests.arrival`;
  throw new InputError({ file, field: "size", value: size, expected });
}

/** The requests of a file, without its phases; the reader gathers what is wrong. */
export function decodeRequests(
  reader: ColumnReader,
  stored: RequestsFile,
): Omit<Requests, "phases"> {
  const counts = (values: readonly unknown[], field: string, least = 0) =>
    reader.column(values, `requests.${field}`, { type: "int32", least });
  const { promptWords, session, model, promptBlocks, extra } = stored;
  const promptTokens = counts(stored.promptTokens, "promptTokens");
  return {
    size: reader.size,
    tenant: reader.labels(stored.tenant, "requests.tenant"),
    tier: reader.labels(stored.tier, "requests.tier"),
    category: reader.labels(stored.category, "requests.category"),
    arrival: reader.column(stored.arrival, "requests.arrival", { type: "float64" }),
    maxTokens: counts(stored.maxTokens, "maxTokens"),
    promptTokens,
    // -1: not known of this row, as where requests of two sources were joined.
    ...promptWords && { promptWords: counts(promptWords, "promptWords", -1) },
    ...session && { session: reader.labels(session, "requests.session") },
    ...model && { model: reader.labels(model, "requests.model") },
    ...promptBlocks && { promptBlocks: decodeBlocks(reader, promptBlocks, promptTokens) },
    ...extra && {
      extra: Object.fromEntries(
        extra.map((
          [name, column],
        ) => [name, decodeExtra(reader, column, `requests.extra.${name}`)]),
      ),
    },
  };
}

function decodeBlocks(
  reader: ColumnReader,
  stored: NonNullable<RequestsFile["promptBlocks"]>,
  promptTokens: Int32Array,
): PromptBlocks {
  const field = "requests.promptBlocks";
  const size = stored.values.length;
  const offsets = reader.column(stored.offsets, `${field}.offsets`, {
    type: "int32",
    least: 0,
    most: size,
    size: reader.size + 1,
  });
  offsets.forEach((offset, row) => {
    const before = row === 0 ? 0 : offsets[row - 1];
    const last = row === offsets.length - 1;
    if (offset >= before && (row > 0 || offset === 0) && (!last || offset === size)) return;
    const expected = row === 0 ? "0" : last ? String(size) : `at least ${before}`;
    reader.refuse(`${field}.offsets`, { row, value: offset, expected });
  });
  const { tokensPerBlock, answers, parts } = stored;
  const tokens = stored.tokens &&
    reader.column(stored.tokens, `${field}.tokens`, { type: "int32", least: 0, size });
  if (tokens) refuseLongBlocks(reader, { offsets, tokens, promptTokens });
  return {
    offsets,
    values: reader.column(stored.values, `${field}.values`, { type: "int32", size }),
    ...tokensPerBlock !== undefined && { tokensPerBlock },
    ...tokens && { tokens },
    ...answers && {
      answers: reader.column(answers, `${field}.answers`, { type: "int32", least: -1 }),
    },
    ...parts && { parts: reader.labels(parts, `${field}.parts`, size) },
  };
}

/** Refuses prompts that are shorter than the blocks that they consist of. */
function refuseLongBlocks(
  reader: ColumnReader,
  { offsets, tokens, promptTokens }: {
    offsets: Int32Array;
    tokens: Int32Array;
    promptTokens: Int32Array;
  },
): void {
  promptTokens.forEach((most, row) => {
    let sum = 0;
    for (let at = offsets[row]; at < offsets[row + 1]; at++) sum += tokens[at];
    if (sum <= most) return;
    const expected = `blocks of together at most ${most}, the tokens of the prompt`;
    reader.refuse("requests.promptBlocks.tokens", { row, value: sum, expected });
  });
}

function decodeExtra(
  reader: ColumnReader,
  column: z.output<typeof LabelColumn> | z.output<typeof NumberColumn>,
  field: string,
) {
  if ("codes" in column) return reader.labels(column, field);
  return reader.column(column.values, `${field}.values`, { type: column.type });
}
