import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { browserTest } from "./support/browser.ts";
import { type Bundle, bundleForBrowser } from "./support/bundle.ts";
import {
  type CoreCell,
  coreCell,
  generatorFingerprint,
  mathFingerprint,
} from "./support/core-cell.ts";
import { coreFigures } from "./support/core-figures.ts";
import { CORE } from "./support/core-rooms.ts";
import { sourceGraph } from "./support/module-graph.ts";

/** What the bundle puts into the page. */
declare const driftsched: {
  coreCell: typeof coreCell;
  mathFingerprint: typeof mathFingerprint;
  generatorFingerprint: typeof generatorFingerprint;
  coreFigures: typeof coreFigures;
};

let bundle: Bundle;
beforeAll(async () => {
  const paths = (await sourceGraph()).filter(({ room }) => CORE.includes(room))
    .map(({ path }) => path);
  bundle = await bundleForBrowser([
    ...paths.map((path, i) => `export * as file${i} from "./src/${path}";`),
    'export * from "./test/support/core-cell.ts";',
    'export * from "./test/support/core-figures.ts";',
  ].join("\n"));
});

/** An empty page that can reach nothing, with the core in it. */
async function pageWithCore(browser: Browser): Promise<{ page: Page; errors: string[] }> {
  // On screens of one device pixel a CSS pixel, Plot moves strokes by half of one to sharpen them.
  const context = await browser.newContext({ offline: true, deviceScaleFactor: 2 });
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
      "src/paper/workload.ts",
      "src/estimation/estimators/calibrated.ts",
      "src/policies/registry.ts",
      "src/gateway/scheduler.ts",
      "src/gateway/gateway.ts",
      "src/simulation/simulate.ts",
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
    await expect(bundleForBrowser('import "./src/files/write-atomically.ts"')).rejects.toThrow(
      /node:path/,
    );
  });
});

browserTest("functions and generators have the same bits in Chromium as here", async (browser) => {
  const { page } = await pageWithCore(browser);
  expect(await page.evaluate(() => driftsched.mathFingerprint())).toEqual(mathFingerprint());
  expect(await page.evaluate(() => driftsched.generatorFingerprint()))
    .toEqual(generatorFingerprint());
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

/** The nodes of an SVG document in order, attributes sorted: how they are written is the writer's. */
function nodesOf(svg: string): string[] {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  const nodes = document.createTreeWalker(document, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const lines: string[] = [];
  for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
    const attributes = node instanceof Element
      ? Array.from(node.attributes, ({ name, value }) => `${name}=${JSON.stringify(value)}`).sort()
      : [node.nodeValue];
    lines.push(`${node.nodeName} ${attributes.join(" ")}`);
  }
  return lines;
}

browserTest("figures drawn in the browser's own document are those drawn here", async (browser) => {
  const { page, errors } = await pageWithCore(browser);
  const theirs = await page.evaluate(() => driftsched.coreFigures());
  const ours = coreFigures();
  expect(theirs.map(({ title, csv }) => ({ title, csv })))
    .toEqual(ours.map(({ title, csv }) => ({ title, csv })));
  for (const [i, { title, svg }] of theirs.entries()) {
    const [here, there] = [
      await page.evaluate(nodesOf, ours[i].svg),
      await page.evaluate(nodesOf, svg),
    ];
    expect(here.length).toBeGreaterThan(50);
    expect(there, title).toEqual(here);
  }
  expect(errors).toEqual([]);
});
