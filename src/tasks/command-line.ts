import { parseArgs, type ParseArgsConfig } from "node:util";
import { InputError } from "../errors/input-error.ts";

/** Where the user typed the command: `deno task` itself changes to the folder of deno.json. */
export const cwd = Deno.env.get("INIT_CWD") ?? Deno.cwd();

/** `parseArgs` of node:util that refuses unknown or incomplete options with an {@link InputError}. */
export function readArguments<const C extends ParseArgsConfig>(
  config: C,
): ReturnType<typeof parseArgs<C>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [reason] = (error as Error).message.split(". ");
    throw new InputError({
      file: "command line",
      field: "arguments",
      value: (config.args ?? Deno.args).join(" "),
      expected: `known options, see --help (${reason})`,
    });
  }
}

/** Refuses a command line that lacks something, or says too much, with the task's usage. */
export function refuseUsage(args: readonly string[], usage: string): never {
  throw new InputError({
    file: "command line",
    field: "arguments",
    value: args.join(" "),
    expected: usage,
  });
}

/**
 * Runs a task and ends the process with what `main` returns, or with 1 and the message of an
 * {@link InputError}. Any other error is a bug and keeps its stack.
 */
export async function exitWith(main: () => number | Promise<number>): Promise<never> {
  try {
    Deno.exit(await main());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
