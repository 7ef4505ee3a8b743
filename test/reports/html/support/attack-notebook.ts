import { readFileSync } from "node:fs";
import * as aq from "arquero";
import type { Cell, Notebook, Output } from "../../../../src/reports/notebook-format.ts";
import type { Provenance } from "../../../../src/reports/html/provenance.ts";
import { codeCell, display, markdownCell, stream } from "./sample-notebook.ts";
import { sampleProvenance } from "./sample-provenance.ts";

/** Strings that run a script or fetch something where they become markup. */
export const ATTACKS: readonly string[] = JSON.parse(
  readFileSync(new URL("../../../fixtures/html/attack-strings.json", import.meta.url), "utf8"),
);

function outputsOf(attack: string): Output[] {
  return [
    display({ "text/html": attack }),
    display({ "text/html": `<figure class="ds-figure"><svg width="9">${attack}</svg></figure>` }),
    display({ "text/html": `<p title="${attack}">${attack}</p>` }),
    display({ "text/html": `<style>${attack}</style><math><mtext>${attack}</mtext></math>` }),
    display({ "text/html": aq.table({ [attack]: [attack] }).toHTML() }),
    display({ "image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg">${attack}</svg>` }),
    display({ "image/png": attack, "text/plain": attack }),
    display({ "text/markdown": attack }),
    display({ "text/markdown": "```" + attack + "\n" + attack + "\n```" }),
    display({ "text/latex": attack }),
    display({ "text/latex": `$\\text{${attack}}$` }),
    display({ "application/json": { [attack]: attack } }),
    display({ "text/plain": attack }),
    display({ [attack]: attack }),
    stream("stdout", attack),
    stream("stderr", attack),
    { output_type: "error", ename: attack, evalue: attack, traceback: [attack] },
  ];
}

/** A notebook with every attack in every place where data can stand. */
export function attackNotebook(attacks: readonly string[]): Notebook {
  const cells: Cell[] = attacks.flatMap((attack, index) => [
    markdownCell(
      index,
      `# ${attack}\n\n## ${attack}\n\n### ${attack}\n\n${attack}\n\n| ${attack} |\n| --- |\n| ${attack} |`,
    ),
    codeCell(index, `// ${attack}\n\`${attack}\`;`, {
      outputs: outputsOf(attack),
      metadata: { tags: [attack] },
    }),
    { cell_type: "raw" as const, id: attack, metadata: {}, source: attack },
  ]);
  return { nbformat: 4, nbformat_minor: 5, metadata: { title: attacks.join() }, cells };
}

/** Provenance with every attack in every field that holds text. */
export function attackProvenance(attacks: readonly string[]): Provenance {
  const all = attacks.join(" ");
  return {
    ...sampleProvenance,
    commit: all,
    deno: all,
    v8: all,
    lockSha256: all,
    seeds: all,
    startedAt: all,
    packages: Object.fromEntries(attacks.map((attack) => [attack, attack])),
    data: attacks.map((attack) => ({ path: attack, sha256: attack })),
    parameters: Object.fromEntries(attacks.map((attack) => [attack, { [attack]: attack }])),
  };
}
