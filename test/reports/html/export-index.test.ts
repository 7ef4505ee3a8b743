import { expect, test } from "vitest";
import { exportIndex } from "../../../src/reports/html/export-index.ts";
import { sampleProvenance as provenance } from "./support/sample-provenance.ts";

const entry = {
  name: "reproduction",
  title: "DriftSched, <reproduced>",
  href: "reproduction.html",
  failed: false,
  durationSeconds: 12.34,
};

test("exportIndex() links every report with its state and duration", () => {
  const html = exportIndex([entry, { ...entry, name: "arena", href: "arena.html", failed: true }], {
    provenance,
  });
  expect(html).toContain('<a href="reproduction.html">DriftSched, &#x3C;reproduced></a>');
  expect(html).toContain('<a href="arena.html">');
  expect(html).toContain('<td>complete</td><td class="number">12.3 s</td>');
  expect(html).toContain('<strong class="bad">failed</strong>');
  expect(html).toContain("1 of 2 failed");
});

test("exportIndex() says nothing of failures where there are none and links nowhere outside", () => {
  const html = exportIndex([{ ...entry, href: "https://a.test/" }], { provenance });
  expect(html).not.toContain('class="failed"');
  expect(html).not.toContain("a.test");
});
