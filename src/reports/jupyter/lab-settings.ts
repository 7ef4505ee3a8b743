import { join } from "node:path";
import type { JupyterEnvironment } from "./environment.ts";
import { writeIfChanged } from "./write-if-changed.ts";

/** JupyterLab's settings by plugin, as its overrides.json keeps them. */
export type LabSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Lab asks its makers' server for news and updates by default; nothing here leaves the machine. */
export const QUIET: LabSettings = {
  "@jupyterlab/apputils-extension:notification": {
    fetchNews: "false",
    checkForUpdates: false,
  },
};

/**
 * Writes the environment's defaults; what a user sets in Lab's own dialogue goes before them. Also
 * a package.json, else Lab's CommonJS yarn.js falls under the project's `"type": "module"` and
 * every start prints that it cannot run.
 */
export async function writeLabSettings(
  environment: JupyterEnvironment,
  settings: LabSettings = QUIET,
): Promise<void> {
  const path = join(environment.directory, "share/jupyter/lab/settings/overrides.json");
  await writeIfChanged(path, `${JSON.stringify(settings, null, 2)}\n`);
  await writeIfChanged(join(environment.directory, "package.json"), '{ "private": true }\n');
}
