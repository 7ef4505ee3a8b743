import type { FigureManifest } from "../../../src/notebook/figure-manifest.ts";
import type { ResultFolder } from "../../../src/reports/verify/result-folder.ts";

const HASH = (letter: string) => letter.repeat(64);
const CSV = "policy,p99,low\nfifo,10,9\nsjf,8.5,8\n";

const file = (path: string, letter: string) => ({ path, sha256: HASH(letter), bytes: 10 });
const figure = (name: string) => ({
  name,
  title: `What ${name} shows`,
  files: {
    svg: file(`${name}.svg`, "a"),
    png: file(`${name}.png`, "b"),
    csv: file(`${name}.csv`, "c"),
  },
});
const claim = (id: string) => ({
  id,
  title: `Claim ${id}`,
  effect: -0.4,
  low: -0.42,
  high: -0.38,
  paper: -0.388,
  verdict: "reproduced" as const,
  n: 30,
});

/** The result of a run with two figures and two claims: 14 things to compare. */
export function result(): { manifest: FigureManifest; files: Map<string, FoundFile> } {
  const manifest: FigureManifest = {
    schemaVersion: 1,
    notebook: "paper",
    parameters: { seeds: 30, requests: 3000 },
    seeds: [1, 2, 3],
    versions: { deno: "2.9.6", packages: { arquero: "8.0.3", "@observablehq/plot": "0.6.17" } },
    data: [
      { path: "data/words_per_token.json", sha256: HASH("d") },
      { path: "data/lmsys.csv", sha256: HASH("e") },
    ],
    figures: [figure("tail"), figure("error")],
    claims: [claim("C1"), claim("C2")],
  };
  const files = new Map<string, FoundFile>(
    manifest.figures.flatMap(({ files }) =>
      Object.values(files).map(({ path, sha256 }): [string, FoundFile] => [
        path,
        path.endsWith(".csv") ? { sha256, text: CSV } : { sha256 },
      ])
    ),
  );
  return { manifest, files };
}

/** Things that a comparison of two such results looks at. */
export const ITEMS = 2 + 1 + 3 + 2 + 2 + 2;

type FoundFile = ResultFolder["files"] extends ReadonlyMap<string, infer F> ? F : never;
