import * as z from "zod";

/** nbformat 4 stores text as one string or as a list of lines that keep their newlines. */
const MultilineText = z.union([z.string(), z.array(z.string())]);

/** MIME type → content; text types as {@link MultilineText}, JSON types as any JSON value. */
const MimeBundle = z.record(z.string(), z.unknown());

const Metadata = z.record(z.string(), z.unknown());

/** Files pasted into a cell: name → {@link MimeBundle}. */
const Attachments = z.record(z.string(), MimeBundle);

const CellId = z.string().regex(
  /^[a-zA-Z0-9_-]{1,64}$/,
  "1 to 64 letters, digits, hyphens and underscores",
);

export const Output = z.discriminatedUnion("output_type", [
  z.strictObject({
    output_type: z.literal("stream"),
    name: z.enum(["stdout", "stderr"]),
    text: MultilineText,
  }),
  z.strictObject({ output_type: z.literal("display_data"), data: MimeBundle, metadata: Metadata }),
  z.strictObject({
    output_type: z.literal("execute_result"),
    execution_count: z.int().nullable(),
    data: MimeBundle,
    metadata: Metadata,
  }),
  z.strictObject({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);
export type Output = z.output<typeof Output>;

export const Cell = z.discriminatedUnion("cell_type", [
  z.strictObject({
    cell_type: z.literal("code"),
    id: CellId,
    metadata: Metadata,
    execution_count: z.int().nullable(),
    source: MultilineText,
    outputs: z.array(Output),
  }),
  z.strictObject({
    cell_type: z.literal("markdown"),
    id: CellId,
    metadata: Metadata,
    source: MultilineText,
    attachments: Attachments.optional(),
  }),
  z.strictObject({
    cell_type: z.literal("raw"),
    id: CellId,
    metadata: Metadata,
    source: MultilineText,
    attachments: Attachments.optional(),
  }),
]);
export type Cell = z.output<typeof Cell>;
export type CodeCell = Extract<Cell, { cell_type: "code" }>;

/**
 * A Jupyter notebook, nbformat 4.5 (cells carry ids). Source: nbformat's JSON schema v4.5, which is
 * strict about keys as well.
 */
export const Notebook = z.strictObject({
  nbformat: z.literal(4),
  nbformat_minor: z.int().min(5),
  metadata: Metadata,
  cells: z.array(Cell),
});
export type Notebook = z.output<typeof Notebook>;

/** The text of a multiline field as one string. */
export function textOf(source: string | readonly string[]): string {
  return typeof source === "string" ? source : source.join("");
}

/** Tags of a cell, as Jupyter keeps them under `metadata.tags`. */
export function tagsOf(cell: Cell): readonly string[] {
  const tags = cell.metadata.tags;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}
