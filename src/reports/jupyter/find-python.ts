import { JupyterError } from "./jupyter-error.ts";

/** What can make a virtual environment: a Python with `venv` and `pip`, or uv. */
export interface EnvironmentMaker {
  readonly kind: "python" | "uv";
  /** Program and leading arguments, for example `["py", "-3"]`. */
  readonly command: readonly [string, ...string[]];
  /** For example `Python 3.11.7`. */
  readonly version: string;
}

/** Thrown where neither a suitable Python nor uv is found; the message says what to install. */
export class NoPythonError extends JupyterError {
  override readonly name: string = "NoPythonError";

  constructor(found: readonly string[]) {
    super([
      `JupyterLab needs Python ${OLDEST.join(".")} or newer with its venv module; found: ${
        found.join("; ") || "none"
      }`,
      "  Debian, Ubuntu: sudo apt-get install python3 python3-venv",
      "  Fedora:         sudo dnf install python3",
      "  macOS:          brew install python3",
      "  Windows:        winget install Python.Python.3.13",
      "  or uv, which brings its own Python: https://docs.astral.sh/uv/getting-started/installation",
    ].join("\n"));
  }
}

const OLDEST: readonly [number, number] = [3, 10];
const CANDIDATES: readonly (readonly [string, ...string[]])[] = [
  ["python3"],
  ["python"],
  ...["3.14", "3.13", "3.12", "3.11", "3.10"].map((version) => [`python${version}`] as const),
];
const WINDOWS_LAUNCHER = ["py", "-3"] as const;

/** Prints three lines: major.minor, full version, and whether an environment can be made. */
const PROBE = `
import importlib.util as u, platform, sys
print("%d.%d" % sys.version_info[:2])
print(platform.python_version())
print(all(u.find_spec(name) for name in ("venv", "ensurepip")))`;

async function output(command: readonly string[]): Promise<string | null> {
  try {
    const [program, ...args] = command;
    const { success, stdout } = await new Deno.Command(program, { args, stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch {
    return null;
  }
}

/**
 * The first of `python3`, `python`, `python3.14` … `python3.10` (and `py -3` on Windows) that is
 * new enough and can make a virtual environment, else uv.
 *
 * @throws {NoPythonError} where there is none; it names what was found and why that does not do.
 */
export async function findPython(): Promise<EnvironmentMaker> {
  const candidates = Deno.build.os === "windows" ? [...CANDIDATES, WINDOWS_LAUNCHER] : CANDIDATES;
  const refused: string[] = [];
  for (const command of candidates) {
    const lines = (await output([...command, "-c", PROBE]))?.split(/\r?\n/);
    if (lines?.length !== 3) continue;
    const [major, minor] = lines[0].split(".").map(Number);
    const [, version, complete] = lines;
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      refused.push(`${command.join(" ")} ${version} (too old)`);
    } else if (complete !== "True") {
      refused.push(`${command.join(" ")} ${version} (without venv and ensurepip)`);
    } else {
      return { kind: "python", command, version: `Python ${version}` };
    }
  }
  const uv = await output(["uv", "--version"]);
  if (uv !== null) return { kind: "uv", command: ["uv"], version: uv.split(" (")[0] };
  throw new NoPythonError(refused);
}
