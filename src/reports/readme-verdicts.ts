import type { ManifestClaim } from "../notebook/figure-manifest.ts";

/** Lines of the README between which the table of verdicts stands. */
export const VERDICTS_OPEN =
  "<!-- verdicts: written by `deno task readme` from the manifests, checked by a test -->";
export const VERDICTS_CLOSE = "<!-- /verdicts -->";

function shown(value: number | null): string {
  if (value === null) return "–";
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(3)}`;
}

/** Claims of one notebook, with the name of its column. */
export interface VerdictColumn {
  readonly title: string;
  readonly claims: readonly ManifestClaim[];
}

/**
 * The README's table of verdicts in Markdown: a row a claim, the paper's number, then effect,
 * interval and verdict per notebook.
 */
export function verdictTable(columns: readonly VerdictColumn[]): string {
  const ids = [...new Set(columns.flatMap(({ claims }) => claims.map(({ id }) => id)))];
  const find = (column: VerdictColumn, id: string) => column.claims.find((c) => c.id === id);
  const rows = ids.map((id) => {
    const first = columns.map((column) => find(column, id)).find((claim) => claim !== undefined)!;
    const cells = columns.map((column) => {
      const claim = find(column, id);
      if (claim === undefined) return "–";
      const { effect, low, high, verdict } = claim;
      return `${shown(effect)} (${shown(low)} to ${shown(high)}): **${verdict}**`;
    });
    return `| ${[`${id} ${first.title}`, shown(first.paper), ...cells].join(" | ")} |`;
  });
  const heads = ["claim", "paper", ...columns.map(({ title }) => title)];
  return [
    `| ${heads.join(" | ")} |`,
    `| ${heads.map((_, i) => (i === 1 ? "---:" : "---")).join(" | ")} |`,
    ...rows,
  ].join("\n");
}

/** `readme` with its table replaced; a RangeError where the marks are missing. */
export function withVerdicts(readme: string, table: string): string {
  const from = readme.indexOf(VERDICTS_OPEN);
  const to = readme.indexOf(VERDICTS_CLOSE);
  if (from < 0 || to < from) throw new RangeError("The README has no marks for the verdicts");
  return `${readme.slice(0, from)}${VERDICTS_OPEN}\n\n${table}\n\n${readme.slice(to)}`;
}
