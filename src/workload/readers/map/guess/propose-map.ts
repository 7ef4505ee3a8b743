import type { Head } from "../../parsing/head.ts";
import { listedNames } from "../listed-names.ts";
import { describeGuess } from "./describe-guess.ts";
import { guessMap } from "./guess-map.ts";
import { sampleRows } from "./sample-rows.ts";

/** Columns that are listed. */
const LISTED = 40;

/**
 * What to do with a file that no format recognises, for the message that says so: a map of its columns
 * with a reason for each, where it is a table or a log of JSON; else nothing.
 */
export function proposeMap(head: Head): string {
  const guess = guessMap(head);
  if (guess !== undefined) {
    return `. If it is a log of requests, map its columns, perhaps so:\n${describeGuess(guess)}`;
  }
  const columns = [...sampleRows(head)?.keys() ?? []];
  if (columns.length === 0) return "";
  return ". If it is a log of requests, map its columns: --map arrival=column:ms,prompt=column," +
    `output=column; it has ${listedNames(columns, LISTED)}`;
}
