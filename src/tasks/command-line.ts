import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { EnvironmentError, environmentErrorOf, inWords } from "../files/environment-error.ts";
import { InputError } from "../errors/input-error.ts";
import { isStandardInput, STANDARD_INPUT } from "../files/standard-input.ts";
import { JupyterError } from "../reports/jupyter/jupyter-error.ts";

/** Where the user typed the command: `deno task` itself changes to the folder of deno.json. */
export const cwd = Deno.env.get("INIT_CWD") ?? Deno.cwd();

/** Where an input named on the command line is: standard input (`-`), or a path from {@link cwd}. */
export function inputPath(argument: string): string {
  return isStandardInput(argument) ? "-" : resolve(cwd, argument);
}

/** What an input named on the command line is called in messages. */
export function inputName(argument: string): string {
  return isStandardInput(argument) ? STANDARD_INPUT : argument;
}

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
 * Runs a task and ends the process with what `main` returns, or with 1 and one message: that of an
 * {@link InputError}, or a sentence for what the machine refused. Any other error is a bug and keeps
 * its stack.
 */
export async function exitWith(main: () => number | Promise<number>): Promise<never> {
  const print = console.log;
  console.log = (...parts: unknown[]) =>
    inWords({ path: "standard output", verb: "write" }, () => print(...parts));
  // What is thrown where nobody waits for it is told the same way.
  const tell = (event: Event, thrown: unknown) => {
    if (messageOf(thrown) === null) return;
    event.preventDefault();
    fail(thrown);
  };
  globalThis.addEventListener("unhandledrejection", (event) => tell(event, event.reason));
  globalThis.addEventListener("error", (event) => tell(event, event.error));
  try {
    Deno.exit(await main());
  } catch (error) {
    fail(error);
  }
}

/** What a person is told of an error; null where it is a bug. */
export function messageOf(error: unknown): string | null {
  const known = environmentErrorOf(error) ?? error;
  const told = known instanceof InputError || known instanceof EnvironmentError ||
    known instanceof JupyterError;
  return told ? known.message : null;
}

function fail(error: unknown): never {
  const message = messageOf(error);
  if (message === null) throw error;
  try {
    console.error(message);
  } catch {
    // Standard error is full or closed: the exit code is all that is left.
  }
  Deno.exit(1);
}
