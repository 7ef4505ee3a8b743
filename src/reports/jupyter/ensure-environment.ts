import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { clearEnvironment } from "./clear-environment.ts";
import { environmentAt, type JupyterEnvironment } from "./environment.ts";
import { type EnvironmentMaker, findPython } from "./find-python.ts";
import { installFailure } from "./install-failure.ts";
import { JupyterError } from "./jupyter-error.ts";
import { installKernelspec } from "./kernelspec.ts";
import { writeLabSettings } from "./lab-settings.ts";

export interface EnsureEnvironmentOptions {
  /** Where the environment is; default `.venv` in the project's root. */
  readonly directory?: string;
  /** Told what is going on, one line each time; `done` of `total` packages while they come in. */
  readonly onProgress?: (line: string, done?: number, total?: number) => void;
}

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));
const DEFAULT_DIRECTORY = fileURLToPath(new URL("../../../.venv", import.meta.url));

/** Held during the set-up; its being there also says that this directory is ours to rebuild. */
const LOCK = "driftsched.lock";
/** Written last: an environment without it, or with another content, was never finished. */
const STAMP = "driftsched.stamp";

/** Last lines of a failed program's output that go into the error. */
const TAIL = 12;

async function expectedStamp(): Promise<string> {
  return `${createHash("sha256").update(await Deno.readFile(REQUIREMENTS)).digest("hex")}\n`;
}

/** Packages that the requirements name, at most: some are for other systems only. */
async function countRequirements(): Promise<number> {
  const lines = (await Deno.readTextFile(REQUIREMENTS)).split("\n");
  return lines.filter((line) => line.includes("==")).length;
}

/** The environment if its set-up has been finished and is up to date, else `null`. */
export async function findEnvironment(
  directory: string = DEFAULT_DIRECTORY,
): Promise<JupyterEnvironment | null> {
  const environment = environmentAt(directory);
  try {
    // A dangling link, left by an upgrade of the system's Python, counts as missing.
    await Deno.stat(environment.python);
    const stamp = await Deno.readTextFile(join(directory, STAMP));
    return stamp === await expectedStamp() ? environment : null;
  } catch {
    return null;
  }
}

function run(
  command: readonly string[],
  environment: JupyterEnvironment,
  onLine: (line: string) => void,
): Promise<void> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    env: { ...process.env, ...environment.variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      tail.push(line);
      if (tail.length > TAIL) tail.shift();
      onLine(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      reject(installFailure(command.join(" "), how, tail));
    });
  });
}

/** Refuses a directory that someone else made: a rebuild would delete it. */
async function refuseForeign(directory: string): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(directory)).catch(() => []);
  if (entries.length === 0 || entries.some(({ name }) => name === LOCK)) return;
  throw new JupyterError(
    `Cannot set up JupyterLab in "${directory}": it holds an environment that another program ` +
      "made; move it away or delete it",
  );
}

async function build(
  environment: JupyterEnvironment,
  maker: EnvironmentMaker,
  onProgress: NonNullable<EnsureEnvironmentOptions["onProgress"]>,
): Promise<void> {
  const { directory, python } = environment;
  const [make, install] = maker.kind === "uv"
    ? [
      [...maker.command, "venv", "--allow-existing", "--python", ">=3.10,<3.15", directory],
      [...maker.command, "pip", "install", "--python", python],
    ]
    : [
      [...maker.command, "-m", "venv", directory],
      [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"],
    ];
  onProgress(`Making a virtual environment in ${directory} with ${maker.version}`);
  await run(make, environment, () => {});

  const total = await countRequirements();
  let collected = 0;
  onProgress("Fetching JupyterLab and nbconvert", 0, total);
  await run(
    [...install, "--no-deps", "--require-hashes", "-r", REQUIREMENTS],
    environment,
    (line) => {
      if (/^(Collecting|Ignoring) /.test(line)) {
        onProgress("Fetching JupyterLab and nbconvert", ++collected, total);
      } else if (line.startsWith("Installing collected packages")) {
        onProgress("Installing what was fetched");
      }
    },
  );
}

/**
 * The project's virtual environment with pinned JupyterLab, nbconvert and the Deno kernel: made on
 * first use (about 30 s), found at once later, rebuilt when the requirements change or an earlier
 * set-up was interrupted. Safe to call from several processes at a time.
 *
 * @throws {NoPythonError} where nothing is found that can make it.
 * @throws {JupyterError} where a step fails, with the end of its output, or where the directory holds an
 * environment that is not ours.
 */
export async function ensureEnvironment(
  options: EnsureEnvironmentOptions = {},
): Promise<JupyterEnvironment> {
  const { directory = DEFAULT_DIRECTORY, onProgress = () => {} } = options;
  let environment = await findEnvironment(directory);
  if (environment === null) {
    await refuseForeign(directory);
    const maker = await findPython();
    await Deno.mkdir(directory, { recursive: true });
    const lock = await Deno.open(join(directory, LOCK), { create: true, write: true });
    try {
      await lock.lock(true);
      environment = await findEnvironment(directory);
      if (environment === null) {
        environment = environmentAt(directory);
        await clearEnvironment(directory);
        await build(environment, maker, onProgress);
        await Deno.writeTextFile(join(directory, STAMP), await expectedStamp());
      }
    } finally {
      lock.close();
    }
  }
  await installKernelspec(environment);
  await writeLabSettings(environment);
  return environment;
}
