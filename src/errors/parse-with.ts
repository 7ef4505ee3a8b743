import type * as z from "zod";
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

/** What wraps a schema without changing which names its object has: defaults, optional, refinements. */
type Wrapped = { innerType?: z.core.$ZodType; in?: z.core.$ZodType };

/** The object within a schema; undefined where it is none. */
function objectWithin(schema: z.core.$ZodType | undefined): z.core.$ZodObject | undefined {
  if (schema === undefined) return undefined;
  const { def } = schema._zod;
  if (def.type === "object") return schema as z.core.$ZodObject;
  const { innerType, in: input } = def as Wrapped;
  return objectWithin(innerType ?? input);
}

/** Names that the object at `path` may have; undefined where that can't be told (a union, say). */
function knownNames(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] | undefined {
  let object = objectWithin(schema);
  for (const key of path) {
    object = objectWithin(object?._zod.def.shape[key as string]);
    if (object === undefined) return undefined;
  }
  return object && Object.keys(object._zod.def.shape);
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
      const known = knownNames(schema, issue.path);
      return issue.keys.map((key) => ({
        file,
        field: [...issue.path, key].join("."),
        value: valueAt(input, [...issue.path, key]),
        expected: known === undefined || known.length === 0
          ? "a known name: this one is not known"
          : `a known name, one of ${known.join(", ")}`,
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
