import { withEndings } from "../errors/with-endings.ts";
import { fileURLToPath } from "node:url";
import type { Benchmark } from "./benchmark.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

async function hasNotebooks(): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(`${root}/notebooks`)) {
      if (name.endsWith(".ipynb")) return true;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return false;
}

async function report(): Promise<void> {
  const figures = await Deno.makeTempDir({ prefix: "driftsched-bench-" });
  const run = async () => {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "report"],
      cwd: root,
      env: { DRIFTSCHED_FIGURES: figures },
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`deno task report failed:\n${new TextDecoder().decode(stderr)}`);
  };
  await withEndings(run, () => Deno.remove(figures, { recursive: true }));
}

/** The whole of `deno task report`, as a user starts it; the smoke run is the same, once. */
export const reportWarm: Benchmark = {
  name: "report-warm",
  description: "deno task report, all notebooks, in a checkout that has run it before",
  barMs: 30_000,
  inChildren: true,
  async prepare() {
    if (!await hasNotebooks()) return { skip: "notebooks/ holds no notebook yet" };
    return { cases: [{ name: "report-warm", run: report, runs: 3, warmups: 1 }] };
  },
};
