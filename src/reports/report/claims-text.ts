import type { ManifestClaim } from "../../notebook/figure-manifest.ts";

const HEAD = ["claim", "", "effect", "95 % interval", "paper", "verdict"];
const NUMERIC = new Set([2, 3, 4]);
const SIGNIFICANT = 3;

function shown(value: number | null): string {
  if (value === null) return "–";
  return Number.isInteger(value) ? String(value) : value.toPrecision(SIGNIFICANT);
}

/** Claims as a table of plain text for a terminal: columns aligned, one line a claim. */
export function claimsText(claims: readonly ManifestClaim[]): string {
  const rows = claims.map(({ id, title, effect, low, high, paper, verdict }) => [
    id,
    title,
    shown(effect),
    `[${shown(low)}, ${shown(high)}]`,
    shown(paper),
    verdict,
  ]);
  const table = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((text, i) => NUMERIC.has(i) ? text.padStart(widths[i]) : text.padEnd(widths[i]))
      .join("  ").trimEnd();
  return table.map(line).join("\n");
}
