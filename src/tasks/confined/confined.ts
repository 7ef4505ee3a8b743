/**
 * `confined.ts TASK ARGUMENTS…`: starts a task with just the permissions that its arguments need, see
 * docs/permissions.md, and ends as it ends. A line of `deno.json` cannot do that: it knows no
 * arguments.
 */
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cwd, exitWith } from "../command-line.ts";
import { denoOptions, permissionsOf } from "./permissions.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url)).replace(/(.)[\\/]$/, "$1");

/** Signals that end a task, with the number that an exit code of 128 and more is made of. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Whether a program is in one of the folders of PATH; Deno complains of a right to start another. */
function isInstalled(program: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(delimiter).some((folder) => {
    try {
      return Deno.statSync(join(folder, program)).isFile;
    } catch {
      return false;
    }
  });
}

async function main(): Promise<number> {
  const [task, ...args] = Deno.args;
  const needed = permissionsOf(task, args, { cwd, root });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      ...denoOptions({ ...needed, run: needed.run.filter(isInstalled) }),
      fileURLToPath(new URL(`../${task}.ts`, import.meta.url)),
      ...args,
    ],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  for (const signal of Deno.build.os === "windows" ? [] : Object.keys(SIGNALS) as Deno.Signal[]) {
    Deno.addSignalListener(signal, () => {
      // Ctrl-C in a terminal reaches the task by itself; twice would mean "at once".
      if (signal === "SIGINT" && Deno.stdin.isTerminal()) return;
      try {
        child.kill(signal);
      } catch {
        // It has ended on its own.
      }
    });
  }
  const { code, signal } = await child.status;
  return signal === null ? code : 128 + (SIGNALS[signal as keyof typeof SIGNALS] ?? 9);
}

await exitWith(main);
