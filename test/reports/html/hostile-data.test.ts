import { fromHtml } from "hast-util-from-html";
import { visit } from "unist-util-visit";
import { expect, test } from "vitest";
import { exportHtml } from "../../../src/reports/html/export-html.ts";
import { exportIndex } from "../../../src/reports/html/export-index.ts";
import { browserTest } from "../../support/browser.ts";
import { attackNotebook, attackProvenance, ATTACKS } from "./support/attack-notebook.ts";
import { sampleProvenance } from "./support/sample-provenance.ts";
import { watchPages } from "./support/watch-page.ts";

const QUIET = { alerts: 0, requests: [], violations: [], actors: [], navigations: [] };
const POLICY = /<meta http-equiv="Content-Security-Policy"[^>]*>/;

const wholeReport = exportHtml(attackNotebook(ATTACKS), {
  name: ATTACKS.join(" "),
  provenance: attackProvenance(ATTACKS),
});

function wholeIndex(): string {
  const entries = ATTACKS.map((attack) => ({
    name: attack,
    title: attack,
    href: attack,
    failed: false,
    durationSeconds: 1,
  }));
  return exportIndex(entries, { provenance: attackProvenance(ATTACKS) });
}

/** Elements and attributes of a page that could act, as a conforming parser sees them. */
function actorsIn(html: string): string[] {
  const actors: string[] = [];
  const forbidden = new Set([
    ..."script iframe frame object embed base form input button foreignObject animate set".split(
      " ",
    ),
    ..."template video audio textarea select marquee".split(" "),
  ]);
  visit(fromHtml(html), "element", ({ tagName, properties }, _index, parent) => {
    if (forbidden.has(tagName)) actors.push(tagName);
    if (tagName === "style" && parent?.type === "element" && parent.tagName !== "head") {
      actors.push("style in the body");
    }
    for (const [name, value] of Object.entries(properties)) {
      const text = String(value);
      if (/^on/i.test(name) && name !== "on") actors.push(`${tagName} ${name}`);
      if (/^(?:href|src|xLinkHref|action|formAction|srcSet|poster|ping|background)$/.test(name)) {
        const allowed = tagName === "a"
          ? /^(?:#|https:\/\/|data:text\/csv|[\w.-]+(?:\/|$))/
          : /^(?:data:,$|data:image\/png;base64,)/;
        if (!allowed.test(text)) actors.push(`${tagName} ${name}=${text}`);
      }
      if (name === "style" && /url\((?!#)|\\|image-set|position/i.test(text)) {
        actors.push(`${tagName} ${name}=${text}`);
      }
    }
  });
  return actors;
}

test("exportHtml() leaves nothing that can act, whichever attack string stands in a notebook", async () => {
  for (const attack of ATTACKS) {
    const html = await exportHtml(attackNotebook([attack]), {
      name: attack,
      provenance: sampleProvenance,
    });
    expect(actorsIn(html), attack).toEqual([]);
  }
});

test("exportHtml() and exportIndex() leave nothing that can act with all of them at once", async () => {
  expect(actorsIn(await wholeReport)).toEqual([]);
  expect(actorsIn(wholeIndex())).toEqual([]);
});

test("exportHtml() shows every attack string as text where a cell printed it", async () => {
  const texts: string[] = [];
  visit(fromHtml(await wholeReport), "element", (element) => {
    if (element.tagName === "pre") {
      texts.push(
        element.children.map((child) => child.type === "text" ? child.value : "").join(""),
      );
    }
  });
  const visible = ATTACKS.filter((attack) => !/\p{Cc}/u.test(attack));
  expect(visible.length).toBeGreaterThan(90);
  for (const attack of visible) expect(texts).toContain(attack);
});

browserTest("the attack strings do act in a browser where they become markup", async (browser) => {
  const frames = ATTACKS.map((attack) => {
    const markup = `<!doctype html><body>${attack}`;
    return `<iframe srcdoc="${
      markup.replaceAll("&", "&amp;").replaceAll('"', "&quot;")
    }"></iframe>`;
  });
  const [incidents] = await watchPages(browser, [`<!doctype html><body>${frames.join("")}`]);
  expect(incidents.alerts).toBeGreaterThan(40);
  expect(incidents.requests.length).toBeGreaterThan(25);
  expect(incidents.actors.length - frames.length).toBeGreaterThan(60);
  expect(incidents.navigations.length).toBeGreaterThan(0);
});

browserTest(
  "exportHtml() keeps them quiet in a browser, with and without its policy",
  async (browser) => {
    const html = await wholeReport;
    expect(html).toMatch(POLICY);
    const [withPolicy, without] = await watchPages(browser, [html, html.replace(POLICY, "")]);
    expect(withPolicy).toEqual(QUIET);
    expect(without).toEqual(QUIET);
  },
);

browserTest(
  "exportIndex() keeps them quiet in a browser, with and without its policy",
  async (browser) => {
    const html = wholeIndex();
    expect(html).toMatch(POLICY);
    const [withPolicy, without] = await watchPages(browser, [html, html.replace(POLICY, "")]);
    expect(withPolicy).toEqual(QUIET);
    expect(without).toEqual(QUIET);
  },
);
