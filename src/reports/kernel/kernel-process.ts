import { dirname, join } from "node:path";
import { type ProcessGroup, spawnGroup } from "../../processes/spawn-group.ts";
import { type ConnectionInfo, newConnection, releaseConnection } from "./connection.ts";
import { makeKernelFolder, noteKernel, sweepKernelFolders } from "./kernel-folder.ts";

/** Kept of what the kernel's process writes to stderr: the tail, where a panic stands. */
const STDERR_CHARACTERS = 4000;

export interface KernelProcessOptions {
  /** Working directory of the kernel: the notebook's folder, as nbconvert has it. */
  readonly cwd: string;
  /** Environment on top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running `deno jupyter --kernel`. */
export interface KernelProcess {
  readonly connection: ConnectionInfo;
  /** Resolves once the process has ended, in words: `ended with exit code 3`. Never rejects. */
  readonly ended: Promise<string>;
  kill(): void;
}

/** Colours, time zone and language change what a cell prints: they are the same everywhere. */
const FIXED_ENV = {
  NO_COLOR: "1",
  TZ: "UTC",
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
  DENO_NO_PROMPT: "1",
  DENO_NO_UPDATE_CHECK: "1",
};

/** The end of what a process writes to standard error. */
function tailOf(stream: ProcessGroup["stderr"]): () => string {
  let text = "";
  const decoder = new TextDecoder();
  stream.on("data", (chunk: Uint8Array) => {
    text = (text + decoder.decode(chunk, { stream: true })).slice(-STDERR_CHARACTERS);
  });
  return () => text.replace(/^.*"deno jupyter" is unstable.*\n?/m, "").trim();
}

let swept: Promise<void> | undefined;

/**
 * Starts the Deno kernel of the running Deno in a process group of its own. It is killed with all that
 * its cells have started by {@link KernelProcess.kill}, and when this process dies.
 */
export async function spawnKernel(options: KernelProcessOptions): Promise<KernelProcess> {
  const connection = newConnection();
  const directory = await makeKernelFolder();
  // What runners before this one have left behind, once a process.
  await (swept ??= sweepKernelFolders(dirname(directory)).catch(() => {}));
  const file = join(directory, "connection.json");
  const cleanUp = async () => {
    releaseConnection(connection);
    await Deno.remove(directory, { recursive: true }).catch(() => {});
  };
  let group: ProcessGroup;
  try {
    await Deno.writeTextFile(file, JSON.stringify(connection), { mode: 0o600 });
    group = await spawnGroup(Deno.execPath(), {
      args: ["jupyter", "--kernel", "--conn", file],
      cwd: options.cwd,
      env: { ...FIXED_ENV, ...options.env },
      folder: directory,
    });
    await noteKernel(directory, group.pid);
  } catch (error) {
    await cleanUp();
    throw error;
  }
  const said = tailOf(group.stderr);
  const ended = group.ended.then(async ({ code, signal }) => {
    await cleanUp();
    const reason = signal === null ? `exit code ${code}` : `signal ${signal}`;
    return `ended with ${reason}${said() === "" ? "" : `: ${said()}`}`;
  });
  return { connection, ended, kill: () => group.kill() };
}
