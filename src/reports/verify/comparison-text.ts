import type { Difference, RepeatedRun, Verification } from "./difference.ts";

const SECOND: Readonly<Record<RepeatedRun["second"], string>> = {
  "as committed": "the second run made what is committed",
  "as the first run": "the second run made the same as the first",
  "otherwise again": "the second run differs from the first and from what is committed",
};

function differenceLines({ notebook, kind, name, details }: Difference): string[] {
  return [
    `  ${name === notebook || name === kind ? kind : `${kind} ${name}`}`,
    ...details.map((detail) => `    ${detail.replaceAll("\n", "\n    ")}`),
  ];
}

/** What is said of a notebook that was run twice; what only the first run made is told in full. */
function repeatedLines({ notebook, differences, second, kept }: RepeatedRun): string[] {
  const found = `${notebook} was run twice because the first run differed: ${SECOND[second]}`;
  if (second === "as the first run") return [found];
  return [
    `${found}. One notebook gave two results: please report this. The first run's differences:`,
    ...differences.flatMap(differenceLines),
    ...kept === null ? [] : [`  what the first run made is kept in ${kept}`],
  ];
}

/** The differences, notebook by notebook, what was run twice, and at last `N of M identical`. */
export function comparisonText({ total, differences, repeated }: Verification): string {
  const lines: string[] = [];
  for (const [notebook, ofNotebook] of Map.groupBy(differences, ({ notebook }) => notebook)) {
    lines.push(notebook, ...ofNotebook.flatMap(differenceLines));
  }
  lines.push(...repeated.flatMap(repeatedLines));
  lines.push(`${total - differences.length} of ${total} identical`);
  return lines.join("\n");
}
