import { join } from "node:path";
import { type ConnectionInfo, newConnection, releaseConnection } from "./connection.ts";

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

async function tailOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoded = stream.pipeThrough(
    new TextDecoderStream() as TransformStream<Uint8Array, string>,
  );
  for await (const chunk of decoded) text = (text + chunk).slice(-STDERR_CHARACTERS);
  return text.replace(/^.*"deno jupyter" is unstable.*\n?/m, "").trim();
}

/** Starts the Deno kernel of the running Deno; it is killed with {@link KernelProcess.kill}. */
export async function spawnKernel(options: KernelProcessOptions): Promise<KernelProcess> {
  const connection = newConnection();
  const directory = await Deno.makeTempDir({ prefix: "driftsched-kernel-" });
  const file = join(directory, "connection.json");
  const cleanUp = () => Deno.remove(directory, { recursive: true }).catch(() => {});
  let child: Deno.ChildProcess;
  try {
    await Deno.writeTextFile(file, JSON.stringify(connection), { mode: 0o600 });
    child = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--kernel", "--conn", file],
      cwd: options.cwd,
      env: { ...FIXED_ENV, ...options.env },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    await cleanUp();
    releaseConnection(connection);
    throw error;
  }
  const stderr = tailOf(child.stderr);
  const ended = child.status.then(async ({ code, signal }) => {
    await cleanUp();
    releaseConnection(connection);
    const reason = signal === null ? `exit code ${code}` : `signal ${signal}`;
    const said = await stderr;
    return `ended with ${reason}${said === "" ? "" : `: ${said}`}`;
  });
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // ended before
    }
  };
  return { connection, ended, kill };
}
