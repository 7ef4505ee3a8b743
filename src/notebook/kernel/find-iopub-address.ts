import type { IopubAddress } from "./await-published.ts";

/** Set by whoever starts a kernel and knows the path of its connection file. */
export const CONNECTION_FILE_VARIABLE = "DRIFTSCHED_CONNECTION_FILE";

const LINE_OF_COMMAND: Record<string, (pid: number) => readonly [string, ...string[]]> = {
  windows: (pid) => [
    "powershell",
    "-NoProfile",
    "-Command",
    `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
  ],
  other: (pid) => ["ps", "-ww", "-o", "args=", "-p", String(pid)],
};

/**
 * Path after `--conn` in this process's command line, as one string with NUL or space between the
 * arguments. The kernel itself does not tell code in cells how it was started.
 */
function connectionFileOf(commandLine: string): string | null {
  const match = /[\0 ]--conn[\0 =]"?(.+?\.json)(?=["\0\s]|$)/.exec(commandLine);
  return match === null ? null : match[1];
}

function ownCommandLine(): string {
  if (Deno.build.os === "linux") return Deno.readTextFileSync("/proc/self/cmdline");
  const [command, ...args] = (LINE_OF_COMMAND[Deno.build.os] ?? LINE_OF_COMMAND.other)(Deno.pid);
  const { stdout } = new Deno.Command(command, { args, stderr: "null" }).outputSync();
  return new TextDecoder().decode(stdout);
}

/**
 * The address of the output channel of the Jupyter kernel that this code runs in, from the
 * kernel's connection file; `null` where that file cannot be found or read.
 */
export function findIopubAddress(): IopubAddress | null {
  try {
    const file = Deno.env.get(CONNECTION_FILE_VARIABLE) ?? connectionFileOf(ownCommandLine());
    if (file === null) return null;
    const { transport = "tcp", ip, iopub_port } = JSON.parse(Deno.readTextFileSync(file));
    if (transport !== "tcp" || typeof ip !== "string") return null;
    if (!Number.isInteger(iopub_port)) return null;
    return { hostname: ip, port: iopub_port };
  } catch {
    return null;
  }
}
