import type { Browser, Frame, Page } from "playwright-core";

/** What a page did, or would do at the first click, that a report must never do. */
export interface Incidents {
  /** Scripts that ran: every call of `alert`. */
  readonly alerts: number;
  /** Addresses that the page asked for, besides itself. */
  readonly requests: readonly string[];
  /** Times that the content security policy had to step in. */
  readonly violations: readonly string[];
  /** Elements, handlers and addresses in the page that could act. */
  readonly actors: readonly string[];
  /** Where the page went by itself, other than where it was opened. */
  readonly navigations: readonly string[];
}

const ADDRESS = "http://report.test/";

function findActors(): string[] {
  const found: string[] = [];
  const forbidden =
    "script,iframe,frame,object,embed,base,form,input,button,foreignObject,animate," +
    "set,template,video,audio,link:not([rel=icon]),meta[http-equiv]:not([http-equiv*=Policy])";
  for (const element of document.querySelectorAll(forbidden)) {
    found.push(element.outerHTML.slice(0, 200));
  }
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) found.push(`${element.tagName} ${name}`);
      if (/(?:^|:)href$|^src|^action$|^formaction$|^ping$|^poster$|^background$/i.test(name)) {
        const scheme = /^([a-z][\w+.-]*):/i.exec(value.replace(/[\0- ]/g, ""))?.[1].toLowerCase();
        const isData = scheme === "data" &&
          /^data:(?:,$|image\/(?:png|jpeg|gif|webp)|text\/(?:csv|plain)|application\/json)/.test(
            value,
          );
        const isLink = element.tagName === "A" &&
          ["http", "https", "mailto"].includes(scheme ?? "");
        if (scheme !== undefined && !isData && !isLink) {
          found.push(`${element.tagName} ${name}=${value}`);
        }
        if (/^[\\/]{2}/.test(value.trim())) found.push(`${element.tagName} ${name}=${value}`);
      }
    }
  }
  return found;
}

function provoke(): void {
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const element of document.querySelectorAll("*")) {
    for (const name of ["mouseover", "mouseenter", "focus", "load", "error", "toggle", "begin"]) {
      element.dispatchEvent(new Event(name));
    }
  }
}

type Seen = Pick<Incidents, "alerts" | "violations" | "actors">;

async function provokeAndRead(frame: Frame): Promise<Seen> {
  await frame.evaluate(provoke);
  await frame.waitForTimeout(50);
  const actors = await frame.evaluate(findActors);
  const state = await frame.evaluate(() =>
    (globalThis as unknown as { incidents: { alerts: number; violations: string[] } }).incidents
  );
  return { ...state, actors };
}

async function watch(page: Page, html: string): Promise<Incidents> {
  const requests: string[] = [];
  const navigations: string[] = [];
  const onRequest = (request: { url(): string }) => {
    const url = request.url();
    if (url !== ADDRESS && !url.startsWith("data:")) requests.push(url);
  };
  const onMove = (place: { url(): string }) => {
    if (![ADDRESS, "about:srcdoc"].includes(place.url())) navigations.push(place.url());
  };
  page.on("request", onRequest).on("framenavigated", onMove).on("popup", onMove);
  await page.route(
    ADDRESS,
    (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }),
  );
  await page.goto(ADDRESS, { waitUntil: "load" });
  // A frame that goes elsewhere takes its state along: what is left to report is that it went.
  const seen = await Promise.all(
    page.frames().map((frame) =>
      provokeAndRead(frame).catch((): Seen => {
        navigations.push("a frame left while it was watched");
        return { alerts: 0, violations: [], actors: [] };
      })
    ),
  );
  return {
    alerts: seen.reduce((sum, { alerts }) => sum + alerts, 0),
    requests,
    violations: seen.flatMap(({ violations }) => violations),
    actors: seen.flatMap(({ actors }) => actors),
    navigations,
  };
}

/**
 * Opens pages one after the other as a browser would from the web, provokes each, and reports what
 * it did. Nothing is really fetched.
 */
export async function watchPages(
  browser: Browser,
  pages: readonly string[],
): Promise<Incidents[]> {
  const context = await browser.newContext();
  try {
    await context.route("**/*", (route) => route.abort());
    await context.addInitScript(() => {
      const state = { alerts: 0, violations: [] as string[] };
      Object.assign(globalThis, { incidents: state, alert: () => state.alerts++ });
      document.addEventListener("securitypolicyviolation", (event) => {
        state.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    const incidents: Incidents[] = [];
    for (const html of pages) {
      const page = await context.newPage();
      incidents.push(await watch(page, html));
      await page.close();
    }
    return incidents;
  } finally {
    await context.close();
  }
}
