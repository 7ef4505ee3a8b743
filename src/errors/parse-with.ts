import type { z } from "zod";
import { InputError, type InputProblem } from "./input-error.ts";

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  return value;
}

/**
 * What would have been accepted, in zod's words without its verdict: `number to be >=1` out of
 * `Too small: expected number to be >=1`. Alternatives of a union are joined by "or".
 */
function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branches = issue.errors.map((branch) => branch.map(expectationOf).join(" and "));
    return [...new Set(branches)].join(" or ");
  }
  return issue.message
    .replace(/^(?:Invalid|Too small|Too big)[\w ]*[:.] expected /i, "")
    .replace(/^Invalid [\w ]+: must /, "to ")
    .replace(/^Invalid input$/, "another value")
    .replace(/^Invalid (.+)$/, "a valid $1")
    .replace(/, received .*$/, "");
}

/** Problems that an error lists; a document of columns can have thousands. */
const PROBLEMS_LISTED = 20;

/**
 * Parses `input` with a zod schema; refuses it with an {@link InputError} that names `file`, the
 * field, the value and what was expected; the first 20 problems.
 */
export function parseWith<S extends z.ZodType>(
  schema: S,
  input: unknown,
  file: string,
): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue): InputProblem[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        file,
        field: [...issue.path, key].join("."),
        value: valueAt(input, [...issue.path, key]),
        expected: "a known name: this one is not known",
      }));
    }
    return [{
      file,
      field: issue.path.length > 0 ? issue.path.join(".") : undefined,
      value: valueAt(input, issue.path),
      expected: expectationOf(issue),
    }];
  });
  if (problems.length <= PROBLEMS_LISTED) throw new InputError(problems);
  const error = new InputError(problems.slice(0, PROBLEMS_LISTED));
  error.message += `\n… and ${problems.length - PROBLEMS_LISTED} more problems in ${file}`;
  throw error;
}
