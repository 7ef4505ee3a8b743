import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JupyterEnvironment } from "./environment.ts";
import { JupyterError } from "./jupyter-error.ts";

export interface StartLabOptions {
  /** Folder that Lab shows as its root; default the project's. */
  readonly root?: string;
  /** Path under the root that Lab opens first; default `notebooks`. */
  readonly open?: string;
  /** TCP port on loopback; default the first free one from 8888 on, 0 for any free one. */
  readonly port?: number;
  /** Whether Lab opens the browser itself; default false. */
  readonly browser?: boolean;
  /** Variables for the kernels, beside the inherited ones. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Further arguments of `jupyter lab`. */
  readonly args?: readonly string[];
  /** Where Lab's questions and log go; default `null`, so that nothing is asked or printed. */
  readonly stdio?: "inherit" | "null";
}

export interface RunningLab {
  /** Address without the token, ends with a slash. */
  readonly url: string;
  readonly token: string;
  /** Settles when the server has ended. */
  readonly status: Promise<Deno.CommandStatus>;
  /** Shuts down the kernels and the server; resolves when the process is gone. */
  stop(): Promise<void>;
}

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const DEFAULT_PORT = 8888;
const READY_SECONDS = 60;
const STOP_SECONDS = 10;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The address that the server wrote down for itself once it was listening. */
async function addressOf(environment: JupyterEnvironment, pid: number): Promise<string | null> {
  const file = join(environment.variables.JUPYTER_RUNTIME_DIR, `jpserver-${pid}.json`);
  try {
    const url = JSON.parse(await Deno.readTextFile(file)).url;
    const answer = await fetch(new URL("api", url));
    await answer.body?.cancel();
    return answer.ok ? url : null;
  } catch {
    return null;
  }
}

/**
 * Starts JupyterLab on loopback, behind a fresh token, and resolves when it answers.
 *
 * @throws {JupyterError} where it ends early (with `port`: when something else listens there) or does not
 * answer within a minute.
 */
export async function startLab(
  environment: JupyterEnvironment,
  options: StartLabOptions = {},
): Promise<RunningLab> {
  const { root = PROJECT, open = "notebooks", port, browser = false, stdio = "null" } = options;
  const token = crypto.randomUUID().replaceAll("-", "");
  const child = new Deno.Command(environment.python, {
    args: [
      ...["-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", `--ServerApp.root_dir=${root}`],
      `--ServerApp.port=${port ?? DEFAULT_PORT}`,
      `--ServerApp.port_retries=${port === undefined ? 50 : 0}`,
      `--LabApp.default_url=/lab/tree/${open}`,
      // Installing extensions would unpin the environment.
      "--LabApp.extension_manager=readonly",
      "--MultiKernelManager.default_kernel_name=deno",
      "--Application.log_level=WARN",
      // Containers run as root, which Jupyter refuses otherwise; loopback and token still guard.
      "--ServerApp.allow_root=True",
      ...(browser ? [] : ["--no-browser"]),
      ...(options.args ?? []),
    ],
    // Not as an argument: those can be read by every user of the machine.
    env: { ...environment.variables, JUPYTER_TOKEN: token, ...options.variables },
    stdin: stdio,
    stdout: stdio,
    stderr: stdio,
  }).spawn();
  let ended: Deno.CommandStatus | undefined;
  const status = child.status.then((value) => ended = value);

  const stop = async (): Promise<void> => {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (ended !== undefined) return;
      child.kill(signal);
      let timer: ReturnType<typeof setTimeout>;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_SECONDS * 1000);
      });
      await Promise.race([status, patience]);
      clearTimeout(timer!);
    }
  };

  const deadline = performance.now() + READY_SECONDS * 1000;
  while (performance.now() < deadline) {
    if (ended !== undefined) {
      const why = port ? `; does something else listen on port ${port}?` : "";
      throw new JupyterError(
        `JupyterLab ended with exit code ${ended.code} before it answered${why}`,
      );
    }
    const url = await addressOf(environment, child.pid);
    if (url !== null) return { url, token, status, stop };
    await pause(100);
  }
  await stop();
  throw new JupyterError(`JupyterLab did not answer within ${READY_SECONDS} s`);
}
