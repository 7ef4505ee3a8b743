import Papa from "papaparse";

function cellsOf(text: string): string[][] {
  return Papa.parse<string[]>(text.replace(/\n$/, ""), { delimiter: "," }).data;
}

function relativeDifference(a: string, b: string): number | null {
  const [x, y] = [a, b].map((cell) => cell.trim() === "" ? NaN : Number(cell));
  if (Number.isNaN(x) || Number.isNaN(y)) return null;
  return x === y ? 0 : Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y));
}

/**
 * How two CSV texts differ, in a sentence; null where they are the same. Tells the first cell that
 * differs (row 1 is the header) and the largest relative difference |a − b| / max(|a|, |b|) of two
 * numbers.
 */
export function describeCsvDifference(committed: string, now: string): string | null {
  if (committed === now) return null;
  const [before, after] = [cellsOf(committed), cellsOf(now)];
  const header = before[0].join();
  if (header !== after[0].join()) {
    return `columns: committed ${header}, now ${after[0].join()}`;
  }
  const parts: string[] = [];
  if (before.length !== after.length) {
    parts.push(`rows: committed ${before.length - 1}, now ${after.length - 1}`);
  }
  let first: string | null = null;
  let largest = { size: 0, place: "" };
  let cells = 0;
  for (let row = 1; row < Math.min(before.length, after.length); row++) {
    for (let column = 0; column < before[0].length; column++) {
      const [a, b] = [before[row][column] ?? "", after[row][column] ?? ""];
      if (a === b) continue;
      cells++;
      const place = `row ${row + 1}, column ${before[0][column]}`;
      first ??= `first at ${place}: committed ${a || "nothing"}, now ${b || "nothing"}`;
      const size = relativeDifference(a, b);
      if (size !== null && size > largest.size) largest = { size, place };
    }
  }
  if (first !== null) parts.push(`${cells} ${cells === 1 ? "cell" : "cells"}, ${first}`);
  if (largest.size > 0) {
    parts.push(`largest relative difference ${largest.size.toPrecision(2)} at ${largest.place}`);
  }
  return parts.length > 0 ? parts.join("; ") : "the same cells, written otherwise";
}
