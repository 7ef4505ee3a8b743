import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { DISPLAY } from "../../src/figures/display.ts";
import type { Figure } from "../../src/figures/figure.ts";
import { standaloneSvg } from "../../src/figures/standalone-svg.ts";
import { INK, PAPER } from "../../src/figures/theme/palette.ts";
import { safeFragment } from "../../src/reports/html/safe/safe-fragment.ts";
import { toHtml } from "hast-util-to-html";
import { browserTest } from "../support/browser.ts";
import { contrast } from "./support/colour.ts";
import { EXAMPLES, tableOf } from "./support/examples.ts";

const SCHEMES = ["light", "dark"] as const;
type Scheme = (typeof SCHEMES)[number];

interface Label {
  readonly text: string;
  /** Colours as `#rrggbb`. */
  readonly fill: string;
  readonly ground: string;
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
}

const figures: readonly Figure[] = EXAMPLES.map(({ rows, draw }) => draw(tableOf(rows)));

async function open(browser: Browser, scheme: Scheme, html: string): Promise<Page> {
  const context = await browser.newContext({
    colorScheme: scheme,
    offline: true,
    viewport: { width: 1200, height: 900 },
  });
  const page = await context.newPage();
  await page.setContent(`<!doctype html><meta name="color-scheme" content="light dark">${html}`);
  return page;
}

/** All text of the page's drawing as the reader sees it, and what it stands on. */
function labelsOn(page: Page): Promise<Label[]> {
  return page.evaluate(() => {
    const hex = (colour: string) =>
      "#" +
      colour.match(/\d+/g)!.slice(0, 3).map((part) => Number(part).toString(16).padStart(2, "0"))
        .join("");
    const svg = document.querySelector("svg")!;
    const paper = getComputedStyle(svg).backgroundColor;
    const shapes = [...svg.querySelectorAll("rect, circle")].filter((shape) =>
      getComputedStyle(shape).fill !== "none"
    );
    return [...svg.querySelectorAll("text")].map((text) => {
      const { left, top, right, bottom } = text.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const below = shapes.findLast((shape) => {
        const box = shape.getBoundingClientRect();
        const before = shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
        return before && box.left < x && x < box.right && box.top < y && y < box.bottom;
      });
      return {
        text: text.textContent ?? "",
        fill: hex(getComputedStyle(text).fill),
        ground: hex(below ? getComputedStyle(below).fill : paper),
        box: [left, top, right, bottom] as const,
      };
    });
  });
}

/** Labels that are cut at the edge of the drawing or lie on one another, in words. */
function misplaced(
  labels: readonly Label[],
  { width, height }: { readonly width: number; readonly height: number },
): string[] {
  return labels.flatMap(({ text, box: [left, top, right, bottom] }, i) => {
    const cut = left < -0.5 || top < -0.5 || right > width + 0.5 || bottom > height + 0.5;
    const under = labels.slice(i + 1).filter(({ box: [l, t, r, b] }) => {
      const across = Math.min(right, r) - Math.max(left, l);
      // Boxes of lines are taller than their letters.
      return across > 1 && Math.min(bottom, b) - Math.max(top, t) > 4;
    });
    return [
      ...(cut ? [`${text} is cut`] : []),
      ...under.map((other) => `${text} lies on ${other.text}`),
    ];
  });
}

describe.each(SCHEMES)("in %s", (scheme) => {
  browserTest("every label of every figure can be read on what it stands on", async (browser) => {
    for (const { name, svg } of figures) {
      const page = await open(browser, scheme, svg);
      const labels = await labelsOn(page);
      expect(labels.length, name).toBeGreaterThan(5);
      for (const { text, fill, ground } of labels) {
        expect(contrast(fill, ground), `${name}: ${text} ${fill} on ${ground}`)
          .toBeGreaterThanOrEqual(4.5);
      }
      await page.context().close();
    }
  });
});

browserTest("no label of any figure lies on another or is cut at the edge", async (browser) => {
  for (const figure of figures) {
    for (const svg of [figure.svg, standaloneSvg(figure)]) {
      // The widest of the usual sans-serif fonts.
      const page = await open(
        browser,
        "light",
        `<style>body{margin:0} svg{font-family:"DejaVu Sans",Verdana,sans-serif}</style>${svg}`,
      );
      const labels = await labelsOn(page);
      const width = await page.evaluate(() => document.querySelector("svg")!.clientWidth);
      const height = await page.evaluate(() => document.querySelector("svg")!.clientHeight);
      expect(misplaced(labels, { width, height }), figure.name).toEqual([]);
      await page.context().close();
    }
  }
});

browserTest(
  "a front end that is light or dark itself is followed, not the system",
  async (browser) => {
    const { svg } = figures[0];
    for (
      const [says, scheme, expected] of [["true", "dark", "light"], [
        "false",
        "light",
        "dark",
      ]] as const
    ) {
      const page = await open(browser, scheme, `<body data-jp-theme-light="${says}">${svg}`);
      const [label] = await labelsOn(page);
      expect(label.ground).toBe(PAPER[expected]);
      const ink = await page.evaluate(() => getComputedStyle(document.querySelector("svg")!).color);
      expect(
        ink.match(/\d+/g)!.slice(0, 3).map((part) => Number(part).toString(16).padStart(2, "0"))
          .join(""),
      )
        .toBe(INK[expected].slice(1));
      await page.context().close();
    }
  },
);

browserTest(
  "an SVG file shown as an image follows the system and has its own ground",
  async (browser) => {
    for (const scheme of SCHEMES) {
      const uri = `data:image/svg+xml;base64,${
        btoa(
          Array.from(
            new TextEncoder().encode(standaloneSvg(figures[0])),
            (byte) => String.fromCharCode(byte),
          ).join(""),
        )
      }`;
      const page = await open(browser, scheme, `<style>body{margin:0}</style><img src="${uri}">`);
      const corner = await page.evaluate(async () => {
        const image = document.querySelector("img")!;
        await image.decode();
        const canvas = document.createElement("canvas");
        const context = canvas.getContext("2d")!;
        context.drawImage(image, 0, 0);
        return [...context.getImageData(3, 3, 1, 1).data];
      });
      const [r, g, b, alpha] = corner;
      expect(alpha).toBe(255);
      const hex = `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
      expect(hex).toBe(PAPER[scheme]);
      await page.context().close();
    }
  },
);

describe("through the report's allow-list", () => {
  test.each(figures)("$name loses nothing", (figure) => {
    const { removed } = safeFragment(figure[DISPLAY]()["text/html"], { scope: "output-1" });
    expect([...removed]).toEqual([]);
  });

  browserTest("figures still turn dark, each with its own colours", async (browser) => {
    const fragments = figures.slice(0, 2).map((figure, i) =>
      safeFragment(figure[DISPLAY]()["text/html"], { scope: `output-${i}` })
    );
    const html = fragments.map(({ children, css }, i) =>
      `<style>${css}</style><div id="output-${i}">${toHtml(children)}</div>`
    ).join("");
    const page = await open(browser, "dark", html);
    const labels = await labelsOn(page);
    for (const { text, fill, ground } of labels) {
      expect(ground, text).toBe(PAPER.dark);
      expect(contrast(fill, ground), text).toBeGreaterThanOrEqual(4.5);
    }
    await page.context().close();
  });
});

browserTest(
  "a figure drawn in a browser, without linkedom, has the same title and as many marks",
  async (browser) => {
    const { bundleForBrowser } = await import("../support/bundle.ts");
    const { code } = await bundleForBrowser('export * from "./test/figures/support/examples.ts";', {
      globalName: "figures",
    });
    const page = await open(browser, "light", "");
    await page.addScriptTag({ content: code });
    const drawn = await page.evaluate(() => {
      const { EXAMPLES, tableOf } = (globalThis as unknown as {
        figures: typeof import("./support/examples.ts");
      }).figures;
      return EXAMPLES.map(({ draw, rows }) => {
        const { title, svg } = draw(tableOf(rows));
        return { title, shapes: svg.match(/<(?:path|circle|rect|line|text)\b/g)!.length };
      });
    });
    expect(drawn).toEqual(figures.map(({ title, svg }) => ({
      title,
      shapes: svg.match(/<(?:path|circle|rect|line|text)\b/g)!.length,
    })));
    await page.context().close();
  },
);
