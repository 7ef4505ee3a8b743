import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { INK, PAPER, QUIET } from "../../../src/figures/theme/palette.ts";
import { exportHtml } from "../../../src/reports/html/export-html.ts";
import { exportIndex } from "../../../src/reports/html/export-index.ts";
import { browserTest } from "../../support/browser.ts";
import { sampleNotebook } from "./support/sample-notebook.ts";
import { sampleProvenance as provenance } from "./support/sample-provenance.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const SCHEMES = ["light", "dark"] as const;

const report = exportHtml(sampleNotebook(), { name: "sample", provenance });
const index = exportIndex([
  { name: "a", title: "The first", href: "a.html", failed: false, durationSeconds: 3 },
  { name: "b", title: "The second", href: "b.html", failed: true, durationSeconds: 90 },
], { provenance });

async function withPage(
  browser: Browser,
  options: BrowserContextOptions,
  run: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  try {
    await run(await context.newPage());
  } finally {
    await context.close();
  }
}

function unfold(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
}

interface Violation {
  id: string;
  nodes: { target: string[] }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    return (await axe.run({ runOnly: { type: "tag", values: tags } })).violations;
  });
  return found.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`
  );
}

for (const colorScheme of SCHEMES) {
  browserTest(
    `a report has no accessibility fault that axe finds, AA contrast included, ${colorScheme}`,
    (browser) =>
      withPage(browser, { colorScheme }, async (page) => {
        await page.setContent(await report);
        expect(await violations(page)).toEqual([]);
        await unfold(page);
        expect(await violations(page)).toEqual([]);
      }),
  );

  browserTest(
    `an index has no accessibility fault that axe finds, ${colorScheme}`,
    (browser) =>
      withPage(browser, { colorScheme, viewport: { width: 390, height: 844 } }, async (page) => {
        await page.setContent(index);
        await unfold(page);
        expect(await violations(page)).toEqual([]);
      }),
  );
}

browserTest(
  "axe does find a fault where there is one",
  (browser) =>
    withPage(browser, {}, async (page) => {
      await page.setContent((await report).replace("--quiet: #5b616b", "--quiet: #b0b0b0"));
      expect((await violations(page)).join()).toContain("color-contrast");
    }),
);

browserTest(
  "a report fits the screen from 360 to 1920 pixels, folded and unfolded",
  (browser) =>
    withPage(browser, {}, async (page) => {
      for (const html of [await report, index]) {
        await page.setContent(html);
        for (const open of [false, true]) {
          if (open) await unfold(page);
          for (const width of [360, 390, 768, 1215, 1216, 1920]) {
            await page.setViewportSize({ width, height: 800 });
            const inner = await page.evaluate(() => document.documentElement.scrollWidth);
            expect(inner, `${width} pixels`).toBeLessThanOrEqual(width);
          }
        }
      }
    }),
);

browserTest(
  "prose keeps to one measure while figures may be wider",
  (browser) =>
    withPage(browser, { viewport: { width: 1920, height: 900 } }, async (page) => {
      await page.setContent(await report);
      const [prose, figure, glyph] = await page.evaluate(() => {
        const probe = document.createElement("span");
        probe.style.cssText = "display:inline-block;width:1ch";
        document.querySelector(".prose > p")!.append(probe);
        return [".prose > p", ".drawing svg"].map((selector) =>
          document.querySelector(selector)!.getBoundingClientRect().width
        ).concat(probe.getBoundingClientRect().width);
      });
      expect(prose / glyph).toBeGreaterThan(60);
      expect(prose / glyph).toBeLessThanOrEqual(70.5);
      expect(figure).toBeGreaterThan(prose);
    }),
);

browserTest(
  "the contents stand beside the text on a wide screen and fold on a narrow one",
  (browser) =>
    withPage(browser, {}, async (page) => {
      await page.setContent(await report);
      const link = page.locator("nav.contents a").first();
      expect(await link.isVisible()).toBe(true);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await link.isVisible()).toBe(false);
      await page.locator("nav.contents summary").click();
      expect(await link.isVisible()).toBe(true);
    }),
);

browserTest(
  "the first Tab shows the skip link, and focus can be seen",
  (browser) =>
    withPage(browser, {}, async (page) => {
      await page.setContent(await report);
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const element = document.activeElement!;
        const { left } = element.getBoundingClientRect();
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return { text: element.textContent, left, outlineStyle, outlineWidth };
      });
      expect(focused).toEqual({
        text: "Skip to content",
        left: 0,
        outlineStyle: "solid",
        outlineWidth: "3px",
      });
    }),
);

browserTest("smooth scrolling is off for those who ask for less motion", async (browser) => {
  const behaviour = async (reducedMotion: "reduce" | "no-preference") => {
    let found = "";
    await withPage(browser, { reducedMotion }, async (page) => {
      await page.setContent(await report);
      found = await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
    });
    return found;
  };
  expect(await behaviour("reduce")).toBe("auto");
  expect(await behaviour("no-preference")).toBe("smooth");
});

browserTest(
  "paper gets light colours, no code, no contents, addresses, and how it was made",
  (browser) =>
    withPage(browser, { colorScheme: "dark" }, async (page) => {
      await page.setContent(await report);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor))
        .toBe("rgb(255, 255, 255)");
      for (const selector of [".code", "nav.contents", ".skip", "a[download]", "figure details"]) {
        expect(await page.locator(selector).first().isVisible(), selector).toBe(false);
      }
      expect(await page.locator(".made dd").first().isVisible()).toBe(true);
      const after = await page.evaluate(() =>
        getComputedStyle(document.querySelector('.prose a[href^="http"]')!, "::after").content
      );
      expect(after).toContain("https://example.org/paper");
      const pdf = await page.pdf({ format: "A4" });
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    }),
);

browserTest(
  "numbers in tables stand in figures of one width",
  (browser) =>
    withPage(browser, {}, async (page) => {
      await page.setContent(await report);
      const variant = await page.evaluate(() =>
        getComputedStyle(document.querySelector(".output td")!).fontVariantNumeric
      );
      expect(variant).toContain("tabular-nums");
    }),
);

test("the page has the paper and ink that the figures are drawn for", () => {
  const css = readFileSync(
    new URL("../../../src/reports/html/report.css", import.meta.url),
    "utf8",
  );
  const valuesOf = (name: string) =>
    [...css.matchAll(new RegExp(`--${name}: (#\\w+);`, "g"))].map(([, value]) => value);
  expect(valuesOf("page")).toEqual([PAPER.light, PAPER.dark]);
  expect(valuesOf("ink")).toEqual([INK.light, INK.dark]);
  expect(valuesOf("quiet")).toEqual([QUIET.light, QUIET.dark]);
});
