import { closeNames } from "../../../errors/close-names.ts";
import { InputError, type InputProblem } from "../../../errors/input-error.ts";
import type { ParsedMap, Source } from "./column-map.ts";
import { listedNames } from "./listed-names.ts";
import type { MapTarget } from "./targets.ts";

/** Columns that a message lists. */
const LISTED = 40;

/** What a file has, for messages. */
export interface ColumnsOfFile {
  readonly file: string;
  /** Line where they are named. */
  readonly row?: number;
  readonly columns: readonly string[];
}

/** A map without the columns that a file lacks; targets that have none left are left out, too. */
export function presentColumns(map: ParsedMap, has: (column: string) => boolean): ParsedMap {
  return Object.fromEntries(
    (Object.entries(map) as [MapTarget, readonly Source[]][]).flatMap(([target, sources]) => {
      const present = sources.filter(({ column }) => has(column));
      return present.length > 0 ? [[target, present]] : [];
    }),
  );
}

/** Refuses a map with a target none of whose columns the file has; the message lists those it has. */
export function assertColumns(
  map: ParsedMap,
  has: (column: string) => boolean,
  { file, row, columns }: ColumnsOfFile,
): void {
  const problems = (Object.entries(map) as [MapTarget, readonly Source[]][])
    .filter(([, sources]) => !sources.some(({ column }) => has(column)))
    .map(([target, sources]): InputProblem => {
      const written = sources.map(({ column }) => column);
      const close = [...new Set(written.flatMap((each) => closeNames(each, columns)))].slice(0, 3);
      return {
        file,
        ...row !== undefined && { row },
        field: written.join("|"),
        expected: `a column of the file for ${target}${
          close.length > 0 ? `, ${close.join(" or ")} perhaps` : ""
        }; it has ${listedNames(columns, LISTED)}`,
      };
    });
  if (problems.length > 0) throw new InputError(problems);
}
