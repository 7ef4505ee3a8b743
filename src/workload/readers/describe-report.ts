import { escapeControls } from "../../errors/escape-controls.ts";
import { describeProblem } from "../../errors/input-error.ts";
import type { ReadReport } from "./read-report.ts";

/** Problems that the text lists; the rest is counted. */
const SHOWN = 20;

/** A report in lines of plain text, for a person; control characters of the file are escaped. */
export function describeReport(report: ReadReport): string {
  const { source, format, rowsRead, rowsKept, rowsRefused, setAside, blankLines } = report;
  const lines = [
    `${source} (${format}): ${rowsRead} rows read, ${rowsKept} kept, ${rowsRefused} refused`,
    ...report.recognised === undefined ? [] : [`recognised by: ${report.recognised}`],
    ...setAside.map(({ reason, rows }) => `set aside: ${rows} rows, ${reason}`),
  ];
  if (blankLines > 0) lines.push(`blank lines: ${blankLines}`);
  if (report.columnsIgnored.length > 0) {
    lines.push(
      `columns ignored: ${
        report.columnsIgnored.map((name) => name || "one without a name").join(", ")
      }`,
    );
  }
  lines.push(...report.assumptions.map((assumption) => `assumed: ${assumption}`));
  lines.push(...report.problems.slice(0, SHOWN).map(describeProblem));
  if (report.problemCount > SHOWN) lines.push(`… and ${report.problemCount - SHOWN} more problems`);
  return lines.map(escapeControls).join("\n");
}
