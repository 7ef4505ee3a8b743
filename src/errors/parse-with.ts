import type { z } from "zod";
import { InputError, type InputProblem } from "./input-error.ts";

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  return value;
}

/**
 * Parses `input` with a zod schema; refuses it with an {@link InputError} that names `file`, the
 * field, the value and what was expected.
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
      expected: issue.message.replace(/^Invalid input: expected /, "").replace(
        /, received .*$/,
        "",
      ),
    }];
  });
  throw new InputError(problems);
}
