import { InputError } from "../errors/input-error.ts";

/** Options of `parseArgs` of every task that reads a trace. */
export const TRACE_OPTIONS = {
  format: { type: "string" },
  lenient: { type: "boolean", default: false },
  option: { type: "string", multiple: true },
} as const;

/** What they are, for a task's usage. */
export const TRACE_USAGE =
  `  --format NAME        format of the file, where its content leaves it open
  --lenient            leaves bad rows out; without it a file with any is refused
  --option name=value  an option of the format, e.g. unit=ms, result=1, rate=4, seed=2; of all formats:
                       spread=even or uniform, for times in whole seconds, minutes or batches`;

/** What the command line says of them. */
export interface TraceArguments {
  readonly format?: string;
  readonly lenient: boolean;
  readonly option?: readonly string[];
}

/** Options as `openTrace` and `readTrace` take them. */
export function traceOptions(
  { format, lenient, option = [] }: TraceArguments,
): Promise<Readonly<Record<string, unknown>>> {
  return Promise.resolve({ ...nameValues(option), format, lenient });
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
