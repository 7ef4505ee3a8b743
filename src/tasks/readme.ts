import { fileURLToPath } from "node:url";
import { writeAtomically } from "../files/write-atomically.ts";
import { readManifest } from "../reports/read-manifest.ts";
import { verdictTable, withVerdicts } from "../reports/readme-verdicts.ts";
import { exitWith } from "./command-line.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The README as it should read, with the verdicts of the committed manifests. */
export async function freshReadme(): Promise<string> {
  const [paper, arena, real, azure] = await Promise.all(
    ["01-driftsched", "02-arena", "03-real-server", "05-real-traffic"].map((name) =>
      readManifest(`${ROOT}/figures/${name}`)
    ),
  );
  const table = verdictTable([
    { title: "the paper's workload", claims: paper.claims },
    { title: "real arena trace, 27 clients", claims: arena.claims },
    { title: "a server with continuous batching", claims: real.claims },
    { title: "Azure's chat and code on an L4, load 0.9", claims: azure.claims },
  ]);
  return withVerdicts(await Deno.readTextFile(`${ROOT}/README.md`), table);
}

if (import.meta.main) {
  await exitWith(async () => {
    await writeAtomically(`${ROOT}/README.md`, await freshReadme());
    return 0;
  });
}
