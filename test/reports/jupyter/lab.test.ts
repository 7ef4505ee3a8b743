import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect } from "vitest";
import { type RunningLab, startLab } from "../../../src/reports/jupyter/start-lab.ts";
import type { JupyterEnvironment } from "../../../src/reports/jupyter/environment.ts";
import { sharedBrowser } from "../../support/browser.ts";
import { executedByRunner } from "../../support/executed-by-runner.ts";
import { jupyterTest } from "../../support/jupyter.ts";
import { LabPage } from "../../support/lab-page.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FIXTURE = "test/fixtures/jupyter/three-cells.ipynb";
const SCREENSHOTS = await mkdtemp(join(tmpdir(), "driftsched-lab-"));
const BROWSER = { browser: true };

let running: Promise<RunningLab> | undefined;

/** One server for the tests of this file; figures and checkpoints go to a folder of their own. */
function lab(environment: JupyterEnvironment): Promise<RunningLab> {
  running ??= startLab(environment, {
    port: 0,
    variables: { DRIFTSCHED_FIGURES: join(SCREENSHOTS, "figures") },
    args: [`--FileCheckpoints.checkpoint_dir=${join(SCREENSHOTS, "checkpoints")}`],
  });
  return running;
}

afterAll(async () => {
  await (await running)?.stop();
});

async function notebooks(): Promise<readonly string[]> {
  const names = (await readdir(join(ROOT, "notebooks")).catch(() => []))
    .filter((name) => name.endsWith(".ipynb")).sort();
  return [FIXTURE, ...names.map((name) => `notebooks/${name}`)];
}

for (const path of await notebooks()) {
  const name = `Run All in JupyterLab shows every output and figure of ${path}`;
  jupyterTest(name, async (environment) => {
    const expected = await executedByRunner(join(ROOT, path));
    const opened = await LabPage.open(await sharedBrowser(), await lab(environment), path);
    await opened.runAll(300);
    const cells = await opened.cells();
    await opened.page.screenshot({ path: join(SCREENSHOTS, `${basename(path)}.png`) });
    expect(cells.map(({ errors }) => errors)).toEqual(cells.map(() => 0));
    expect(cells.map(({ outputs }) => outputs)).toEqual(expected.map(({ outputs }) => outputs));
    expect(cells.map(({ figures }) => figures)).toEqual(expected.map(({ figures }) => figures));
    expect(opened.foreign).toEqual([]);
    await opened.close();
  }, { ...BROWSER, seconds: 900 });
}

jupyterTest("Run All in JupyterLab shows what the fixture's cells print and draw", async (made) => {
  const opened = await LabPage.open(await sharedBrowser(), await lab(made), FIXTURE);
  await opened.runAll();
  const [log, figure, table] = await opened.cells();
  expect(log).toMatchObject({ prompt: "[1]:", outputs: 1, figures: 0, text: "uno\ndue\ntre\n" });
  expect(figure).toMatchObject({ prompt: "[2]:", outputs: 1, figures: 1 });
  expect(figure.text).toContain("Waiting grows without bound as the load nears one");
  expect(table).toMatchObject({ prompt: "[3]:", outputs: 2, figures: 0 });
  expect(table.text).toMatch(/4 rows[^]*rho/);
  await opened.close();
}, BROWSER);

jupyterTest(
  "Interrupt in JupyterLab stops an endless cell and keeps the variables",
  async (made) => {
    const path = "test/fixtures/jupyter/endless.ipynb";
    const opened = await LabPage.open(await sharedBrowser(), await lab(made), path);
    const { page } = opened;
    await opened.choose("Run", "Run All Cells");
    await page.getByText("before: 42").waitFor();
    await page.locator(".jp-CodeCell .jp-InputPrompt").getByText("[1]:").waitFor();
    await page.getByText("Deno | Busy", { exact: true }).waitFor();
    await opened.choose("Kernel", "Interrupt Kernel");
    await opened.idle();
    // The kernel takes up what Run All had queued behind the endless cell: it still knows `kept`.
    await page.getByText("still: 42").waitFor();
    expect((await opened.cells()).map(({ prompt, errors }) => ({ prompt, errors }))).toEqual([
      { prompt: "[1]:", errors: 0 },
      { prompt: "[2]:", errors: 0 },
      { prompt: "[3]:", errors: 0 },
    ]);
    await opened.close();
  },
  BROWSER,
);
