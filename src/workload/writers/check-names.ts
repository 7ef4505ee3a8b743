import { InputError, type InputProblem } from "../../errors/input-error.ts";
import { optionalLabelColumn } from "../readers/parsing/columns.ts";
import type { Labels } from "../workload.ts";
import { usedNames } from "./losses.ts";

const NAME = optionalLabelColumn("name");

/**
 * Throws an InputError for a name that no reader of CSV files takes back: with control characters,
 * or of more than 256 characters; an empty one too unless `empty`.
 */
export function checkNames(
  columns: Readonly<Record<string, Labels | undefined>>,
  { empty = [] }: { readonly empty?: readonly string[] } = {},
): void {
  const problems = Object.entries(columns).flatMap(([field, labels]): InputProblem[] =>
    (labels ? usedNames(labels) : [])
      .filter((name) => !NAME.safeParse(name).success || (name === "" && !empty.includes(field)))
      .map((value) => ({
        file: "workload to write",
        field,
        value,
        expected: "a name of 1 to 256 printable characters",
      }))
  );
  if (problems.length > 0) throw new InputError(problems);
}
