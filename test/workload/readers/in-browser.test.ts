import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect } from "vitest";
import { describeTrace } from "../../../src/analysis/describe-trace.ts";
import { traceText } from "../../../src/analysis/trace-text.ts";
import { readBundled } from "../../../src/files/read-bundled.ts";
import { readTrace } from "../../../src/workload/readers/read-trace.ts";
import { browserTest } from "../../support/browser.ts";
import { bundleForBrowser } from "../../support/bundle.ts";

/** What the bundle puts into the page. */
declare const driftsched: {
  readTrace: typeof readTrace;
  describeTrace: typeof describeTrace;
  traceText: typeof traceText;
};

browserTest("a browser reads a packed trace from a stream as Deno does", async (browser) => {
  const plain = await readBundled("burstgpt/BurstGPT_3_first400.csv");
  const ours = traceText(describeTrace(await readTrace(plain, { source: "t.csv" })));
  const { code } = await bundleForBrowser([
    'export { readTrace } from "./src/workload/readers/read-trace.ts";',
    'export { describeTrace } from "./src/analysis/describe-trace.ts";',
    'export { traceText } from "./src/analysis/trace-text.ts";',
  ].join("\n"));
  const page = await (await browser.newContext({ offline: true })).newPage();
  await page.addScriptTag({ content: code });
  for (const packed of [gzipSync(plain), zstdCompressSync(plain)]) {
    const theirs = await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const trace = await driftsched.readTrace(new Blob([bytes]).stream(), { source: "t.csv" });
      return driftsched.traceText(driftsched.describeTrace(trace));
    }, packed.toString("base64"));
    expect(theirs).toBe(ours);
  }
});
