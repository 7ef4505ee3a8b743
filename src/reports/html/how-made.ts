import { h } from "hastscript";
import type { Element } from "./hast.ts";
import type { Provenance } from "./provenance.ts";
import { boxTables } from "./tables.ts";

export interface HowMadeOptions {
  /** The command that makes the page again. */
  readonly command: string;
}

/** Seconds in words: `0.4 s`, `12.3 s`, `2 min 5 s`. */
export function durationInWords(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `2026-03-04T05:06:07.890Z` → `2026-03-04 05:06:07 UTC`; anything else as it is. */
export function momentInWords(iso: string): string {
  return iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, "$1 $2 UTC");
}

/** A word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A value as the command line takes it: JSON, or plain text where that cannot be taken for JSON. */
function argumentOf(value: unknown): string {
  return typeof value === "string" && !isJson(value) ? value : JSON.stringify(value);
}

/** `-p name=value` for every parameter, quoted for a POSIX shell. */
export function parameterWords(parameters: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(parameters).map(([name, value]) =>
    `-p ${shellWord(`${name}=${argumentOf(value)}`)}`
  );
}

/** A commit in short, and whether the tree differed from it. */
export function commitInWords({ commit, dirty }: Pick<Provenance, "commit" | "dirty">): string {
  if (commit === null) return "outside a repository";
  return `${commit.slice(0, 12)}${dirty ? ", with uncommitted changes" : ""}`;
}

function namesAndValues(head: readonly [string, string], rows: readonly (readonly string[])[]) {
  const table = h("table", [
    h("thead", h("tr", head.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", rows.map(([name, value]) => h("tr", [h("td", name), h("td", h("code", value))]))),
  ]);
  const root = { type: "root" as const, children: [table] };
  boxTables(root);
  return root.children;
}

function valueInWords(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
}

/** The folded block that says where a page comes from and how to make it again. */
export function howMade(provenance: Provenance, options: HowMadeOptions): Element {
  const { commit, dirty, data, packages, parameters, seeds } = provenance;
  const versions: [string, string][] = [
    ["Deno", provenance.deno],
    ["V8", provenance.v8],
    ...Object.entries(packages),
  ];
  const entry = (name: string, ...value: Parameters<typeof h>[2][]) => [
    h("dt", name),
    h("dd", ...value),
  ];
  return h("details.made", [
    h("summary", "How this was made"),
    h("dl", [
      ...entry("Command", h("pre", { tabIndex: 0 }, h("code", options.command))),
      ...entry(
        "Commit",
        commit === null ? "outside a repository" : h("code", commit),
        commit !== null && dirty ? " with uncommitted changes" : null,
      ),
      ...entry(
        "Started",
        h("time", { dateTime: provenance.startedAt }, momentInWords(provenance.startedAt)),
      ),
      ...entry("Duration", durationInWords(provenance.durationSeconds)),
      ...(seeds === undefined ? [] : entry("Seeds", seeds)),
      ...(Object.keys(parameters).length === 0 ? [] : entry(
        "Parameters",
        ...namesAndValues(
          ["Name", "Value"],
          Object.entries(parameters).map(([name, value]) => [name, valueInWords(value)]),
        ),
      )),
      ...(data.length === 0 ? [] : entry(
        "Data",
        ...namesAndValues(["File", "SHA-256"], data.map(({ path, sha256 }) => [path, sha256])),
      )),
      ...entry("Versions", ...namesAndValues(["Part", "Version"], versions)),
      ...entry("deno.lock", "SHA-256 ", h("code", provenance.lockSha256)),
    ]),
  ]);
}
