import type { Comparison } from "./difference.ts";

/** The differences, notebook by notebook, and at last `N of M identical`. */
export function comparisonText({ total, differences }: Comparison): string {
  const lines: string[] = [];
  for (const [notebook, ofNotebook] of Map.groupBy(differences, ({ notebook }) => notebook)) {
    lines.push(notebook);
    for (const { kind, name, details } of ofNotebook) {
      lines.push(`  ${name === notebook || name === kind ? kind : `${kind} ${name}`}`);
      for (const detail of details) lines.push(`    ${detail.replaceAll("\n", "\n    ")}`);
    }
  }
  lines.push(`${total - differences.length} of ${total} identical`);
  return lines.join("\n");
}
