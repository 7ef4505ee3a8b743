import { fromHtml } from "hast-util-from-html";
import { visit } from "unist-util-visit";
import { expect, test } from "vitest";
import { exportHtml } from "../../../src/reports/html/export-html.ts";
import { exportIndex } from "../../../src/reports/html/export-index.ts";
import { browserTest } from "../../support/browser.ts";
import { actorsIn } from "./support/actors-in.ts";
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
