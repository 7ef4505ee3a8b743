import { expect } from "vitest";
import { sharedBrowser } from "../../support/browser.ts";
import { jupyterTest } from "../../support/jupyter.ts";
import { LabPage } from "../../support/lab-page.ts";
import { sharedLab } from "../../support/shared-lab.ts";

jupyterTest(
  "Run All in JupyterLab shows what cells print, draw and tabulate",
  async (environment) => {
    const path = "test/fixtures/jupyter/three-cells.ipynb";
    const opened = await LabPage.open(await sharedBrowser(), await sharedLab(environment), path);
    await opened.runAll();
    const [log, figure, table] = await opened.cells();
    expect(log).toMatchObject({ prompt: "[1]:", outputs: 1, text: "uno\ndue\ntre\n" });
    expect(figure).toMatchObject({ prompt: "[2]:", outputs: 1, figures: 1 });
    expect(figure.text).toContain("Waiting grows without bound as the load nears one");
    expect(table).toMatchObject({ prompt: "[3]:", outputs: 2, figures: 0 });
    expect(table.text).toMatch(/4 rows[^]*rho/);
    await opened.close();
  },
  { browser: true },
);

jupyterTest("Run All in JupyterLab shows the error of a cell that throws", async (environment) => {
  const path = "test/fixtures/jupyter/failing.ipynb";
  const opened = await LabPage.open(await sharedBrowser(), await sharedLab(environment), path);
  await opened.runAll();
  const [cell] = await opened.cells();
  expect(cell.errors).toBe(1);
  expect(cell.text).toContain("RangeError: no such tier: 7");
  await opened.close();
}, { browser: true });

jupyterTest(
  "Interrupt in JupyterLab stops an endless cell and keeps the variables",
  async (environment) => {
    const path = "test/fixtures/jupyter/endless.ipynb";
    const opened = await LabPage.open(await sharedBrowser(), await sharedLab(environment), path);
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
  { browser: true },
);
