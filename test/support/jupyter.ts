import { test } from "vitest";
import {
  ensureEnvironment,
  findEnvironment,
} from "../../src/reports/jupyter/ensure-environment.ts";
import type { JupyterEnvironment } from "../../src/reports/jupyter/environment.ts";
import { findChromium, HOW_TO_GET_CHROMIUM } from "./browser.ts";
import { isRequired } from "./require.ts";

export interface JupyterTestOptions {
  /** Whether the test needs a Chromium too; default false. */
  readonly browser?: boolean;
  /** Default 120. */
  readonly seconds?: number;
}

// A test run makes no environment of its own: that is a download.
const environment = await findEnvironment() && await ensureEnvironment();
const announced = new Set<string>();

function missing(browser: boolean): { readonly what: string; readonly required: boolean } | null {
  if (environment === null) {
    const what = "no JupyterLab of the project's own: run `deno task lab --set-up-only`";
    return { what, required: isRequired("jupyter") };
  }
  if (browser && findChromium() === null) {
    return { what: HOW_TO_GET_CHROMIUM, required: isRequired("browser") };
  }
  return null;
}

/**
 * A vitest test that needs the project's JupyterLab (and a browser). Where one is missing it is
 * skipped, and one line says how to get it; where DRIFTSCHED_REQUIRE names it, it fails.
 */
export function jupyterTest(
  name: string,
  run: (environment: JupyterEnvironment) => Promise<void>,
  options: JupyterTestOptions = {},
): void {
  const { browser = false, seconds = 120 } = options;
  const lack = missing(browser);
  if (lack === null) {
    test(name, () => run(environment!), seconds * 1000);
  } else if (lack.required) {
    test(name, () => Promise.reject(new Error(lack.what)));
  } else {
    if (!announced.has(lack.what)) console.warn(`JupyterLab tests skipped: ${lack.what}`);
    announced.add(lack.what);
    test.skip(name, () => {});
  }
}
