import { summarizeRun } from "../../src/analysis/summarize-run.ts";
import { simulate } from "../../src/engines/simulate.ts";
import { exp } from "../../src/math/exp.ts";
import { log } from "../../src/math/log.ts";
import { log2 } from "../../src/math/log2.ts";
import { substream } from "../../src/random/substream.ts";
import { writeRunJson } from "../../src/runs/run-json.ts";
import { paperWorkload } from "../../src/workload/paper-workload.ts";

/** A cell of the paper's grid as text from which every bit of it can be had back. */
export interface CoreCell {
  /** The run's own file: all columns, one line each. */
  readonly run: string;
  /** One line a number: name, value. */
  readonly summary: string;
}

/** Runs one cell of 3,000 requests. Called in Deno and, bundled, in a browser. */
export function coreCell(policy: string, counting: "split" | "tokenizer"): CoreCell {
  const run = simulate(paperWorkload({ seed: 7 }), {
    scheduler: { policy, estimate: { counting } },
  });
  const { names, values } = summarizeRun(run);
  return {
    run: writeRunJson(run),
    summary: names.map((name, i) => `${name} ${values[i]}`).join("\n"),
  };
}

const FUNCTIONS = { exp, log, log2 };

/** What our own functions give for 20,000 arguments a scale, as one number each. */
export function mathFingerprint(): Record<string, number> {
  const bits = new DataView(new ArrayBuffer(8));
  return Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, compute]) => {
      const random = substream(1, `math/${name}`);
      let hash = 0;
      for (const scale of [1e-6, 1e-3, 1e-1, 1, 10, 100, 700]) {
        for (let i = 0; i < 20_000; i++) {
          bits.setFloat64(0, compute(scale * random.next()));
          hash = Math.imul(hash ^ bits.getInt32(0), 0x01000193);
          hash = Math.imul(hash ^ bits.getInt32(4), 0x01000193);
        }
      }
      return [name, hash];
    }),
  );
}
