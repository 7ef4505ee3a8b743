import { uniformInt } from "../../../src/random/substream.ts";
import { simulateLive } from "../../live/simulation/simulate-live.ts";
import type { Prober, Surface } from "../surface.ts";

/** Seeds of the simulation that are drawn. */
const SEEDS = 2 ** 31;

/** The live driver in a simulated world: each input is the seed of a run with all its faults. */
export const driver: Surface = {
  name: "driver",
  promise: "whatever network, disk, clocks and servers do, and whenever the process dies, a run " +
    "keeps the laws of docs/invariants.md",
  shrinks: false,
  open: (): Promise<Prober> =>
    Promise.resolve({
      seeds: [{ kind: "seed 1", bytes: new Uint8Array(0) }],
      draw: (random) => ({ kind: `seed ${uniformInt(random, SEEDS)}`, bytes: new Uint8Array(0) }),
      async check({ kind }) {
        const seed = Number(kind.slice("seed ".length));
        const { broken } = await simulateLive(seed);
        if (broken === null) return null;
        const told = await simulateLive(seed, { trace: true });
        return `${broken}\nThe last happenings of simulated seed ${seed}:\n${
          told.trace.slice(-30).join("\n")
        }`;
      },
      close: () => Promise.resolve(),
    }),
};
