import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, test } from "vitest";
import { isRequired } from "./require.ts";

const KNOWN_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
/** What to do where {@link findChromium} finds none, in one line. */
export const HOW_TO_GET_CHROMIUM =
  "no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM to its path";

/** Path of a Chromium: the variable CHROMIUM, or a usual place; null where there is none. */
export function findChromium(): string | null {
  const places = process.env.CHROMIUM ? [process.env.CHROMIUM] : KNOWN_PLACES;
  for (const place of places) {
    try {
      accessSync(place, constants.X_OK);
      return place;
    } catch {
      continue;
    }
  }
  return null;
}

let shared: Promise<Browser> | undefined;

/** The headless browser that the tests of one file share; closed after the last of them. */
export function sharedBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) return Promise.reject(new Error(HOW_TO_GET_CHROMIUM));
  shared ??= chromium.launch({ executablePath, args: ARGUMENTS });
  return shared;
}

afterAll(async () => {
  await (await shared?.catch(() => undefined))?.close();
  shared = undefined;
});

let announced = false;

/**
 * A vitest test that needs a real browser. Without one it is skipped with one line that says how to
 * get it, or fails where DRIFTSCHED_REQUIRE names `browser`. Call it at the top level of a file.
 */
export function browserTest(name: string, run: (browser: Browser) => Promise<void>): void {
  if (findChromium() === null && !isRequired("browser")) {
    if (!announced) console.warn(`browser tests skipped: ${HOW_TO_GET_CHROMIUM}`);
    announced = true;
    test.skip(name, () => {});
    return;
  }
  test(name, async () => run(await sharedBrowser()), 120_000);
}
