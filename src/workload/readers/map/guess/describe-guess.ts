import { listedNames } from "../listed-names.ts";
import type { GuessedMap } from "./guess-map.ts";

/** Columns that are listed of those left alone. */
const LISTED = 20;

/** A guess in lines, for people: what to type, and why each column is thought to be what. */
export function describeGuess({ pieces, map, complete, columnsLeft }: GuessedMap): string {
  return [
    `  --map '${map.replaceAll("'", `'\\''`)}'`,
    ...pieces.map(({ target, spec, reason }) => `    ${target}=${spec} (${reason})`),
    ...columnsLeft.length > 0 ? [`    not used: ${listedNames(columnsLeft, LISTED)}`] : [],
    ...complete ? ["  --map guess takes it as it stands"] : [],
  ].join("\n");
}
