import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import {
  type ColumnMap,
  MAP,
  MAP_SYNTAX,
  parseColumnMap,
  type ParsedMap,
} from "../map/column-map.ts";
import { describeGuess } from "../map/guess/describe-guess.ts";
import { guessMap } from "../map/guess/guess-map.ts";
import { proposeMap } from "../map/guess/propose-map.ts";
import type { Head } from "../parsing/head.ts";
import { jsonPath } from "../map/json-path.ts";
import { rowsAtPath } from "../map/json-table.ts";
import { isJson, mappedReader } from "../map/mapped-reader.ts";
import type { ReadLog } from "../read-log.ts";
import type { TraceFormat } from "../trace-format.ts";

/** Options of {@link mapped}. */
export const MappedOptions = ArrivalOptions.extend({
  /** Which column is what, see `ColumnMap`; the word `guess`: as the guess has it. */
  map: z.custom<string | ColumnMap>().optional(),
  /** What stands before the fraction of a number in a table. */
  decimal: z.enum(["point", "comma"]).default("point"),
  /** Path of the list of rows in a JSON document, `data.requests`. */
  rows: z.string().min(1).optional(),
  /** Where the map is from, for messages. */
  mapFile: z.string().default(MAP),
});
export type MappedOptions = z.output<typeof MappedOptions>;

/**
 * Any table (commas, semicolons, tabs) and any log of JSON (lines, an array, a list in a document), whose
 * columns a map names. Never recognised: a user says so, with the map.
 */
export const mapped: TraceFormat<MappedOptions> = {
  name: "mapped",
  title: "any table or JSON log, with --map",
  row: z.looseObject({}),
  options: MappedOptions,
  recognise: () => undefined,
  reader(context) {
    const { log, options: { map, rows, decimal, mapFile } } = context;
    return mappedReader(context, (head) => {
      if (map === undefined) {
        const expected = `a map of the columns: ${MAP_SYNTAX}`;
        throw new InputError({ file: log.source, field: "map", expected });
      }
      if (rows !== undefined && !isJson(head)) {
        const expected = "JSON, where the option rows names a list";
        throw new InputError({ file: log.source, field: "rows", value: rows, expected });
      }
      return {
        name: "Own log",
        map: map === GUESS ? guessed(head, log) : parseColumnMap(map, mapFile),
        ...{ decimal, mapFile },
        ...rows !== undefined && { expand: rowsAtPath(rows, jsonPath(rows), log.source) },
      };
    });
  },
};

/** The word that takes the guess for a map. */
export const GUESS = "guess";

/** The map that is guessed, every choice said; refuses a guess that leaves something open. */
function guessed(head: Head, log: ReadLog): ParsedMap {
  const guess = guessMap(head);
  if (guess?.complete) {
    log.assumptions.push(
      ...guess.pieces.map(({ target, spec, reason }) => `guessed: ${target}=${spec} (${reason})`),
    );
    return parseColumnMap(guess.map);
  }
  throw new InputError({
    file: log.source,
    field: "map",
    value: GUESS,
    expected: guess === undefined
      ? `columns whose names say what they are: none has a usual name of a length${
        proposeMap(head)
      }`
      : `a map, because the guess leaves something open:\n${describeGuess(guess)}`,
  });
}
