import { delimiter, join } from "node:path";

/** The project's own virtual environment with JupyterLab, nbconvert and the Deno kernel. */
export interface JupyterEnvironment {
  /** Absolute path, `<project>/.venv`. */
  readonly directory: string;
  /** Absolute path of the environment's Python. */
  readonly python: string;
  /** Variables that programs of the environment run with, beside the inherited ones. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The environment in `directory`, whether it has been made or not. */
export function environmentAt(directory: string): JupyterEnvironment {
  const windows = Deno.build.os === "windows";
  const programs = join(directory, windows ? "Scripts" : "bin");
  const own = (name: string) => join(directory, "jupyter", name);
  return {
    directory,
    python: join(programs, windows ? "python.exe" : "python"),
    variables: {
      VIRTUAL_ENV: directory,
      PATH: `${programs}${delimiter}${Deno.env.get("PATH") ?? ""}`,
      JUPYTER_CONFIG_DIR: own("config"),
      JUPYTER_DATA_DIR: own("data"),
      JUPYTER_RUNTIME_DIR: own("runtime"),
      // Without it, kernels of the user's home or the system come before the environment's.
      JUPYTER_PREFER_ENV_PATH: "1",
      IPYTHONDIR: own("ipython"),
      PYTHONNOUSERSITE: "1",
      PYTHONUNBUFFERED: "1",
      // A set PYTHONHOME or PYTHONPATH would bring foreign packages in; empty counts as unset.
      PYTHONHOME: "",
      PYTHONPATH: "",
    },
  };
}
