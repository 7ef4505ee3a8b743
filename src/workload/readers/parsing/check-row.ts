import type * as z from "zod";
import { InputError, type InputProblem } from "../../../errors/input-error.ts";
import { parseWith } from "../../../errors/parse-with.ts";

/** Where a row stands, for messages. */
export interface RowPlace {
  readonly file: string;
  /** Line, where the file has lines. */
  readonly row?: number;
  /** Path of the row in its document: `requests.3`. */
  readonly path?: string;
}

/** The row of a JSON document as its schema has it, or what is wrong with it. */
export function checkRow<S extends z.ZodType>(
  schema: S,
  value: unknown,
  { path, ...place }: RowPlace,
): { readonly data: z.output<S> } | readonly InputProblem[] {
  try {
    return { data: parseWith(schema, value, place.file) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map((problem) => {
      const field = [path, problem.field].filter((part) => part !== undefined).join(".");
      return { ...problem, ...place, ...field !== "" && { field } };
    });
  }
}
