import { h } from "hastscript";
import type { Element } from "./hast.ts";
import { durationInWords, howMade, momentInWords, parameterWords } from "./how-made.ts";
import { renderPage } from "./page.ts";
import type { Provenance } from "./provenance.ts";
import { safeAddress } from "./safe/address.ts";

export interface IndexEntry {
  /** Name of the notebook without folder and ending. */
  readonly name: string;
  readonly title: string;
  /** Relative link from the index to the report. */
  readonly href: string;
  readonly failed: boolean;
  /** Duration of the execution, seconds of wall clock. */
  readonly durationSeconds: number;
}

export interface ExportIndexOptions {
  readonly provenance: Provenance;
}

function entryRow({ name, title, href, failed, durationSeconds }: IndexEntry): Element {
  const address = safeAddress(href, { tagName: "a", external: false, download: false });
  return h("tr", [
    h("th", { scope: "row" }, [
      address === null ? title : h("a", { href: address }, title),
      h("span.name", name),
    ]),
    h("td", failed ? h("strong.bad", "failed") : "complete"),
    h("td.number", durationInWords(durationSeconds)),
  ]);
}

/** One self-contained HTML page that links the reports of a run. */
export function exportIndex(
  entries: readonly IndexEntry[],
  options: ExportIndexOptions,
): string {
  const { provenance } = options;
  const failures = entries.filter(({ failed }) => failed).length;
  const command = ["deno task report", ...parameterWords(provenance.parameters)].join(" \\\n  ");
  return renderPage({
    title: "DriftSched reports",
    body: [
      h("a.skip", { href: "#content" }, "Skip to content"),
      h("div.page", [
        h("header.page-header", [
          h("h1", "DriftSched reports"),
          h("p.byline", [
            h("time", { dateTime: provenance.startedAt }, momentInWords(provenance.startedAt)),
            ` · ${entries.length} ${entries.length === 1 ? "notebook" : "notebooks"}`,
          ]),
          failures === 0 ? null : h(
            "p.failed",
            { role: "note" },
            h("strong", `${failures} of ${entries.length} failed`),
          ),
        ]),
        h("main", { id: "content" }, [
          h("div.scroll", { role: "group", ariaLabel: "Reports", tabIndex: 0 }, [
            h("table.reports", [
              h("thead", [
                h("tr", [
                  h("th", { scope: "col" }, "Report"),
                  h("th", { scope: "col" }, "Run"),
                  h("th.number", { scope: "col" }, "Duration"),
                ]),
              ]),
              h("tbody", entries.map(entryRow)),
            ]),
          ]),
        ]),
        h("footer.page-footer", howMade(provenance, { command })),
      ]),
    ],
  });
}
