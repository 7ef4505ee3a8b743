import { describe, expect, test } from "vitest";
import { attack } from "./run-surface.ts";
import { SURFACES } from "./surfaces.ts";

/** Inputs of each surface, for some seconds together; `deno task fuzz` takes as many as there is time for. */
const INPUTS: Readonly<Record<string, number>> = {
  readers: 1200,
  twin: 60,
  live: 60,
  journal: 1500,
  report: 25,
  driver: 100,
};
const SEED = 20_261_201;

describe("inputs of one seed, after the corpus, break no promise of", () => {
  test.each(SURFACES)("$name", async (surface) => {
    const { inputs, findings } = await attack(surface, {
      seed: SEED,
      inputs: INPUTS[surface.name],
      shrink: { tries: 50 },
    });
    expect(inputs).toBeGreaterThanOrEqual(INPUTS[surface.name]);
    expect(
      findings.map(({ broken, command, bytes }) =>
        `${command}: ${broken}\n${JSON.stringify(new TextDecoder().decode(bytes)).slice(0, 1000)}`
      ),
    ).toEqual([]);
  });
});

test.each(SURFACES)(
  "$name keeps its promise for inputs that are as they should be",
  async (surface) => {
    const prober = await surface.open();
    try {
      for (const seed of prober.seeds) {
        expect([seed.kind, await prober.check(seed)]).toEqual([
          seed.kind,
          null,
        ]);
      }
    } finally {
      await prober.close();
    }
  },
);
