import type { BenchmarkResult } from "./benchmark.ts";

const HEADER = ["name", "median_ms", "min_ms", "max_ms", "runs", "per_second", "rss_mb", "bar_ms"];

function milliseconds(value: number): string {
  return value < 100 ? value.toFixed(2) : value.toFixed(0);
}

/** Results as lines of text, numbers to the right; `bars`: most milliseconds, by name. */
export function resultsTable(
  results: readonly BenchmarkResult[],
  bars: ReadonlyMap<string, number>,
): string {
  const rows = results.map((result) => [
    result.name,
    milliseconds(result.median_ms),
    milliseconds(result.min_ms),
    milliseconds(result.max_ms),
    String(result.runs),
    result.per_second?.toPrecision(3).replace(/e\+(\d+)$/, "e$1") ?? "",
    result.peak_rss_mb?.toFixed(0) ?? "",
    bars.has(result.name) ? `≤ ${bars.get(result.name)}` : "",
  ]);
  const table = [HEADER, ...rows];
  const widths = HEADER.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table.map((row) =>
    row.map((text, i) => i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i])).join("  ")
  ).join("\n");
}
