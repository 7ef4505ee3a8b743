import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect } from "vitest";
import { nbconvert } from "../../../src/reports/jupyter/nbconvert.ts";
import { sharedBrowser } from "../../support/browser.ts";
import { type CellByRunner, executedByRunner } from "../../support/executed-by-runner.ts";
import { jupyterTest } from "../../support/jupyter.ts";
import { LabPage } from "../../support/lab-page.ts";
import { nbconvertPage } from "../../support/nbconvert-page.ts";
import { sharedLab } from "../../support/shared-lab.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FIXTURES = ["three-cells", "plot-and-table"].map((name) =>
  `test/fixtures/jupyter/${name}.ipynb`
);
const WORK = await mkdtemp(join(tmpdir(), "driftsched-notebooks-"));
/** Screenshots stay where this names a folder. */
const SCREENSHOTS = Deno.env.get("DRIFTSCHED_SCREENSHOTS") ?? WORK;
const LONG = { seconds: 900 };
// Each notebook is run three times: what the first run has simulated, the others may look up.
Deno.env.set("DRIFTSCHED_STORE", join(WORK, "cells"));

afterAll(() => rm(WORK, { recursive: true, force: true }));

const real = (await readdir(join(ROOT, "notebooks")).catch(() => []))
  .filter((name) => name.endsWith(".ipynb")).sort().map((name) => `notebooks/${name}`);

for (const path of [...FIXTURES, ...real]) {
  describe(path, () => {
    let seen: Promise<readonly CellByRunner[]> | undefined;
    const expected = () => seen ??= executedByRunner(join(ROOT, path));

    jupyterTest("nbconvert --execute --to html keeps every output", async (environment) => {
      const variables = { DRIFTSCHED_FIGURES: join(WORK, "figures") };
      const options = { environment, outputDirectory: WORK, variables, cellSeconds: 600 };
      const page = await nbconvert(join(ROOT, path), options);
      expect(await nbconvertPage(page)).toEqual(await expected());
    }, LONG);

    jupyterTest("Run All in JupyterLab shows every output and figure", async (environment) => {
      const opened = await LabPage.open(await sharedBrowser(), await sharedLab(environment), path);
      await opened.runAll(600);
      const cells = await opened.cells();
      await opened.page.screenshot({ path: join(SCREENSHOTS, `${basename(path)}.png`) });
      expect(cells.flatMap(({ errors, text }) => errors > 0 ? [text] : [])).toEqual([]);
      expect(cells.map(({ outputs, figures }) => ({ outputs, figures }))).toEqual(await expected());
      expect(opened.foreign).toEqual([]);
      await opened.close();
    }, { ...LONG, browser: true });
  });
}
