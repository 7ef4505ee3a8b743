import { readFile } from "node:fs/promises";
import { parseHTML } from "linkedom";
import type { CellByRunner } from "./executed-by-runner.ts";

/** Outputs and figures of each code cell of a page that nbconvert's default template made. */
export async function nbconvertPage(path: string): Promise<readonly CellByRunner[]> {
  const { document } = parseHTML(await readFile(path, "utf8"));
  return [...document.querySelectorAll(".jp-CodeCell")].map((cell) => ({
    outputs: cell.querySelectorAll(".jp-OutputArea-output").length,
    figures: [...cell.querySelectorAll(".jp-OutputArea-output svg")]
      .filter((svg) => !svg.parentElement!.closest("svg")).length,
  }));
}
