import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { browserTest } from "./support/browser.ts";
import { type Bundle, bundleForBrowser } from "./support/bundle.ts";
import { type CoreCell, coreCell, mathFingerprint } from "./support/core-cell.ts";
import { CORE } from "./support/core-rooms.ts";
import { sourceGraph } from "./support/module-graph.ts";

/** What the bundle puts into the page. */
declare const driftsched: {
  coreCell: typeof coreCell;
  mathFingerprint: typeof mathFingerprint;
};

let bundle: Bundle;
beforeAll(async () => {
  const paths = (await sourceGraph()).filter(({ room }) => CORE.includes(room))
    .map(({ path }) => path);
  bundle = await bundleForBrowser([
    ...paths.map((path, i) => `export * as file${i} from "./src/${path}";`),
    'export * from "./test/support/core-cell.ts";',
  ].join("\n"));
});

/** An empty page that can reach nothing, with the core in it. */
async function pageWithCore(browser: Browser): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => errors.push(`asked for ${request.url()}`));
  await page.addScriptTag({ content: bundle.code });
  return { page, errors };
}

/** Names of the lines that differ, so that a failure says which column and not 600 kB of numbers. */
function differing(ours: string, theirs: string): string[] {
  const other = theirs.split("\n");
  return ours.split("\n").filter((line, i) => line !== other[i])
    .map((line) => line.split(/[: ]/)[0]);
}

describe("the bundle of the whole core", () => {
  test("holds every file of the core", () => {
    expect(bundle.inputs).toEqual(expect.arrayContaining([
      "src/workload/paper-workload.ts",
      "src/estimation/admission.ts",
      "src/policies/registry.ts",
      "src/scheduler/scheduler.ts",
      "src/engines/simulate.ts",
      "src/runs/run-json.ts",
      "src/analysis/summarize-run.ts",
    ]));
  });

  test.each([
    ["Deno", /\bDeno\b/],
    ["a module of Node", /["']node:|\brequire\(/],
    ["Node's process", /\bprocess\./],
    ["a file", /readFile|writeFile|readTextFile/],
  ])("does not speak of %s, not even in a library", (_what, pattern) => {
    const found = pattern.exec(bundle.code);
    expect(found && bundle.code.slice(found.index - 80, found.index + 80)).toBeNull();
  });

  test("an import that a browser does not have cannot be bundled", async () => {
    await expect(bundleForBrowser('import "./src/tasks/bench.ts"')).rejects.toThrow(/node:util/);
  });
});

browserTest("exp and log have the same bits in Chromium as here", async (browser) => {
  const { page } = await pageWithCore(browser);
  expect(await page.evaluate(() => driftsched.mathFingerprint())).toEqual(mathFingerprint());
});

browserTest("a 3,000-request cell has the same bytes in Chromium as here", async (browser) => {
  const { page, errors } = await pageWithCore(browser);
  for (const [policy, counting] of [["fifo", "split"], ["sjf", "split"], ["aging", "tokenizer"]]) {
    const ours = coreCell(policy, counting as "split");
    const theirs: CoreCell = await page.evaluate(
      ([policy, counting]) => driftsched.coreCell(policy, counting as "split"),
      [policy, counting],
    );
    expect(differing(ours.run, theirs.run), `columns of ${policy}, ${counting}`).toEqual([]);
    expect(theirs.run === ours.run).toBe(true);
    expect(differing(ours.summary, theirs.summary), `summary of ${policy}`).toEqual([]);
    expect(theirs.summary).toBe(ours.summary);
  }
  expect(errors).toEqual([]);
});
