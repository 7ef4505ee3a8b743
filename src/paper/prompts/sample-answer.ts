import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { FORM_COUNT } from "./forms.ts";
import { TOPICS } from "./topics.ts";

/** Shapes that sample answers come in. */
export const ANSWER_KINDS = ["prose", "list", "code", "table", "json", "mixed"] as const;

const frontMatter = z.strictObject({
  kind: z.enum(ANSWER_KINDS),
  topic: z.enum(TOPICS),
  form: z.coerce.number().int().min(0).max(FORM_COUNT - 1),
});

/**
 * An answer that a small chat model might give to one of the prompts, written by hand. Source of the
 * forms and topics: driftsched reference, "Workload"; the paper publishes no answers.
 */
export interface SampleAnswer extends z.output<typeof frontMatter> {
  /** The answer itself, without white space at its end: what a model would have generated. */
  readonly text: string;
}

const LAYOUT = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/;

/**
 * Reads a sample answer: front matter with `kind`, `topic` and `form` between `---` lines, then the
 * answer. Throws an InputError that names `file` and the field.
 */
export function parseSampleAnswer(source: string, file: string): SampleAnswer {
  const parts = LAYOUT.exec(source);
  if (parts === null) {
    throw new InputError({ file, row: 1, expected: "front matter between two lines of `---`" });
  }
  const fields = parts[1].split("\n").map((line, i): [string, string] => {
    const at = line.indexOf(": ");
    if (at < 1) {
      throw new InputError({ file, row: i + 2, value: line, expected: "a line `name: value`" });
    }
    return [line.slice(0, at), line.slice(at + 2).trim()];
  });
  const text = parts[2].trim();
  if (text === "") throw new InputError({ file, field: "text", value: "", expected: "an answer" });
  return { ...parseWith(frontMatter, Object.fromEntries(fields), file), text };
}
