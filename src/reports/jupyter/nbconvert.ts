import { basename, extname, join } from "node:path";
import type { JupyterEnvironment } from "./environment.ts";
import { JupyterError } from "./jupyter-error.ts";

export interface NbconvertOptions {
  readonly environment: JupyterEnvironment;
  /** Folder of the result; made where missing. */
  readonly outputDirectory: string;
  /** Default `html`. */
  readonly to?: "html" | "notebook";
  /** Longest time that one cell may take, in seconds; default 300. */
  readonly cellSeconds?: number;
  /** Variables for the kernel, beside the inherited ones. */
  readonly variables?: Readonly<Record<string, string>>;
}

const SUFFIX = { html: ".html", notebook: ".ipynb" };

/**
 * `jupyter nbconvert --execute` with the environment's Deno kernel: executes the notebook file
 * top to bottom in its own folder and returns the path of the result, of the notebook's name.
 *
 * @throws {JupyterError} with nbconvert's own words where a cell fails; nothing is written then.
 */
export async function nbconvert(notebook: string, options: NbconvertOptions): Promise<string> {
  const { environment, outputDirectory, to = "html", cellSeconds = 300, variables = {} } = options;
  const name = basename(notebook, extname(notebook));
  const command = new Deno.Command(environment.python, {
    args: [
      ...["-m", "nbconvert", "--execute", "--to", to, "--log-level", "WARN"],
      ...["--ExecutePreprocessor.kernel_name=deno", "--ExecutePreprocessor.record_timing=False"],
      // One text for adjacent logs, as JupyterLab and our own runner have it. Named here because
      // the one that nbconvert has by default comes before the execution.
      "--Exporter.preprocessors=nbconvert.preprocessors.CoalesceStreamsPreprocessor",
      `--ExecutePreprocessor.timeout=${cellSeconds}`,
      ...["--output-dir", outputDirectory, "--output", `${name}${SUFFIX[to]}`, notebook],
    ],
    env: { ...environment.variables, DRIFTSCHED_NOTEBOOK: name, ...variables },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  const { success, code, stderr } = await command.output();
  if (!success) {
    const words = new TextDecoder().decode(stderr).trim();
    throw new JupyterError(`nbconvert of "${notebook}" ended with exit code ${code}:\n${words}`);
  }
  return join(outputDirectory, `${name}${SUFFIX[to]}`);
}
