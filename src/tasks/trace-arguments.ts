import { resolve } from "node:path";
import { InputError } from "../errors/input-error.ts";
import { isMapFile, loadMap } from "../files/map-file.ts";
import { cwd } from "./command-line.ts";

/** Options of `parseArgs` of every task that reads a trace. */
export const TRACE_OPTIONS = {
  format: { type: "string" },
  lenient: { type: "boolean", default: false },
  option: { type: "string", multiple: true },
  map: { type: "string", multiple: true },
} as const;

/** What they are, for a task's usage. */
export const TRACE_USAGE =
  `  --format NAME        format of the file, where its content leaves it open
  --lenient            leaves bad rows out; without it a file with any is refused
  --option name=value  an option of the format, e.g. unit=ms, result=1, rate=4, seed=2; of all formats:
                       spread=even or uniform, for times in whole seconds, minutes or batches
  --map MAP            columns of a table or a JSON log of your own, e.g.
                       arrival=ts_ms:ms,prompt=prompt_tok,output=completion_tok,tenant=user; or a JSON
                       file with them, or guess (docs/own-logs.md)`;

/** What the command line says of them. */
export interface TraceArguments {
  readonly format?: string;
  readonly lenient: boolean;
  readonly option?: readonly string[];
  readonly map?: readonly string[];
}

/** Options as `openTrace` and `readTrace` take them. A map's file is read, from where the user is. */
export async function traceOptions(
  { format, lenient, option = [], map = [] }: TraceArguments,
): Promise<Readonly<Record<string, unknown>>> {
  const files = map.filter((each) => each === "guess" || isMapFile(each));
  if (map.length > 1 && files.length > 0) {
    throw new InputError({
      file: "command line",
      field: "--map",
      value: map.join(" "),
      expected: "one of a map's file, guess, and maps",
    });
  }
  const [first] = map;
  return {
    ...nameValues(option),
    format,
    lenient,
    ...map.length > 0 &&
      (isMapFile(first)
        ? { ...await loadMap(resolve(cwd, first)), mapFile: first }
        : { map: map.join(",") }),
  };
}

/** `name=value` pairs; a value that is a number is one. */
export function nameValues(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map((pair) => {
    const [, name, value] = /^(\w+)=(.+)$/s.exec(pair) ?? [];
    if (name !== undefined) return [name, Number.isNaN(Number(value)) ? value : Number(value)];
    const expected = "name=value";
    throw new InputError({ file: "command line", field: "option", value: pair, expected });
  }));
}
