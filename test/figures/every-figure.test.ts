import { afterEach, describe, expect, test, vi } from "vitest";
import { DISPLAY } from "../../src/figures/display.ts";
import { standaloneSvg } from "../../src/figures/standalone-svg.ts";
import { EXAMPLES, tableOf } from "./support/examples.ts";
import { parseSvg } from "./support/svg.ts";

afterEach(() => vi.restoreAllMocks());

const LEAST_FONT_SIZE = 11;
/** Text that would be a script, were it not for escaping, and text that breaks XML. */
const HOSTILE = `<script>alert("x")</script>&amp;'"]]>\u0000`;

describe.each(EXAMPLES)("$name", ({ name, rows, draw }) => {
  const figure = () => draw(tableOf(rows));

  test("draws without a word of warning", () => {
    const warn = vi.spyOn(console, "warn");
    const { svg } = figure();
    expect(warn).not.toHaveBeenCalled();
    expect(svg).not.toContain("\u26a0");
  });

  test("has no broken number anywhere", () => {
    const { svg, title, subtitle, alt } = figure();
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(`${title} ${subtitle} ${alt}`).not.toMatch(/NaN|∞|undefined|null/);
  });

  test("is one image named by its title and described by its subtitle and alternative", () => {
    const { svg, title, subtitle, alt } = figure();
    const { root, all } = parseSvg(svg);
    expect(root.getAttribute("role")).toBe("img");
    expect(root.getAttribute("aria-labelledby")).toBe(`ds-${name}-title ds-${name}-desc`);
    expect(all(`#ds-${name}-title`)[0].textContent).toBe(title);
    expect(all(`#ds-${name}-desc`)[0].textContent).toBe(`${subtitle}. ${alt}`);
  });

  test("says something: a sentence as title, the interval in the subtitle, numbers in words", () => {
    const { title, subtitle, alt } = figure();
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(title.length).toBeLessThan(160);
    if (rows.some((row) => "low" in row) && name !== "world-map") {
      expect(subtitle).toContain("95 % bootstrap intervals");
    }
    expect(alt).toMatch(/\d/);
    expect(alt).toMatch(/\.$/);
  });

  test("writes the same bytes twice, also with another figure drawn in between", () => {
    const first = figure();
    const other = EXAMPLES[
      (EXAMPLES.findIndex((each) => each.name === name) + 1) % EXAMPLES.length
    ];
    other.draw(tableOf(other.rows));
    const second = figure();
    expect(second.svg).toBe(first.svg);
    expect(standaloneSvg(second)).toBe(standaloneSvg(first));
    expect(second[DISPLAY]()).toEqual(first[DISPLAY]());
  });

  test("does not change the table that it was given", () => {
    const table = tableOf(rows);
    draw(table);
    expect(table.objects()).toEqual(rows);
  });

  test("draws no text below 11 pixels", () => {
    const { all } = parseSvg(figure().svg);
    const sizes = all("[font-size]").map((element) => Number(element.getAttribute("font-size")));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(LEAST_FONT_SIZE);
  });

  test("takes another name, into its ids and files, but only in kebab-case", () => {
    const { svg, name: renamed } = draw(tableOf(rows), { name: "another-name" });
    expect(renamed).toBe("another-name");
    expect(svg).toContain('id="ds-another-name-title"');
    expect(() => draw(tableOf(rows), { name: "Not Kebab" })).toThrow(/kebab-case/);
  });

  test("hostile text in its labels stays text", () => {
    const hostile = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === "string" && !["none", "ema", "metric", "statistic"].includes(value)
            ? value + HOSTILE
            : value,
        ]),
      )
    );
    const drawn = draw(tableOf(hostile), { setting: HOSTILE });
    const svg = standaloneSvg(drawn);
    const html = drawn[DISPLAY]()["text/html"];
    for (const markup of [svg, html]) {
      expect(markup).not.toContain("<script");
      expect(markup).not.toMatch(/&(?!amp;|lt;|gt;|quot;|apos;|#\w+;|nbsp;)/);
    }
    expect(svg).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test("its table for the CSV holds what is drawn", () => {
    const { table } = figure();
    const drawn = new Set(table.columnNames());
    // What a title compares by is read and not drawn.
    const read = Object.keys(rows[0]).filter((column) => !/^(?:baseline|difference)/.test(column));
    for (const column of read) expect(drawn).toContain(column);
    expect(table.numRows()).toBeGreaterThan(0);
  });

  test("shows itself with caption, drawing, table and CSV", () => {
    const { [DISPLAY]: display, title, subtitle, alt } = figure();
    const { "text/html": html, "text/plain": plain } = display();
    expect(plain).toBe(`${title}\n${subtitle}\n${alt}`);
    expect(html).toMatch(/^<figure class="ds-figure">/);
    expect(html).toMatch(/<figcaption>.*<svg .*<\/svg><details>.*<table class="ds-table">/s);
    expect(html).toContain(`download="${name}.csv"`);
  });
});

/** Names that nobody has registered, in place of known ones. */
const OWN: Readonly<Record<string, string>> = {
  ...{ sjf: "hrrn", short_qa: "chat", none: "plain", ema: "median" },
};
const namesIn = ({ rows }: (typeof EXAMPLES)[number]) =>
  Object.keys(OWN).filter((name) => rows.some((row) => Object.values(row).includes(name)));

test.each(EXAMPLES.filter((example) => namesIn(example).length > 0))(
  "$name draws policies, categories and calibrators that nobody has registered, each by its name",
  (example) => {
    const warn = vi.spyOn(console, "warn");
    const renamed = example.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, OWN[String(value)] ?? value]),
      )
    );
    const { svg } = example.draw(tableOf(renamed));
    const text = parseSvg(svg).texts.join("\n").toLowerCase();
    for (const name of namesIn(example)) expect(text).toContain(OWN[name]);
    expect(warn).not.toHaveBeenCalled();
    expect(svg).not.toMatch(/NaN|undefined/);
  },
);

test("no figure is forgotten: each file with a figure has an example", async () => {
  const library = await import("../../src/figures/mod.ts");
  const figures = [...Object.keys(library), "worldMap"]
    .filter((key) => /^[a-z]/.test(key) && !/^(?:standalone|tableTo)/.test(key))
    .map((key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  expect(EXAMPLES.map(({ name }) => name).sort()).toEqual(figures.sort());
});
