import { exp } from "../../math/exp.ts";
import { normalCdf } from "../../math/normal-distribution.ts";
import { substream } from "../../random/substream.ts";
import { frontEndTimes } from "../../servers/continuous/front-end.ts";
import { mixedParts } from "../../servers/costs/mixed-step.ts";
import type { StepCost } from "../../servers/costs/step-cost.ts";
import { type Server, withCost } from "../../servers/server.ts";
import { drawClock, type MachineClock } from "./machine-clock.ts";
import { normalDraws, studentDraws } from "./normal-draws.ts";
import { batchDoubt, type ServerDoubt } from "./server-doubt.ts";

/** A server that may be the one in doubt, and the machine that it runs on. */
export interface DrawnServer {
  /** Simulated in work time: see {@link MachineClock}. */
  readonly server: Server;
  readonly clock: MachineClock;
}

/** What {@link drawServers} is given besides the server. */
export interface DrawOptions {
  readonly draws: number;
  readonly seed: number;
  readonly doubt: ServerDoubt;
  /** Share of the context that sequences share in the run. @default 0 */
  readonly sharedContext?: number;
  /** Seconds of work for which a machine's speed is drawn. */
  readonly horizon: number;
}

/** Factors on the parts of a step cost. */
export interface CostFactors {
  /** By the number of decoding sequences. */
  readonly batch: (sequences: number) => number;
  readonly context: number;
  readonly prefill: number;
  readonly frontEnd: number;
}

/** A step cost with each part multiplied by its factor. */
export function scaledCost(
  cost: StepCost,
  { batch, context, prefill, frontEnd }: CostFactors,
): StepCost {
  return {
    ...cost,
    base: cost.base.map((seconds, sequences) => seconds * batch(sequences)),
    perContextToken: cost.perContextToken.map((seconds) => seconds * context),
    perPrefillToken: cost.perPrefillToken * prefill,
    perPrefillSequence: (cost.perPrefillSequence ?? 0) * prefill,
    perPrefillPair: (cost.perPrefillPair ?? 0) * prefill,
    ...cost.mixed !== undefined && {
      mixed: mixedParts(cost.mixed, { weights: batch(1), context, arithmetic: prefill }),
    },
    perRequest: cost.perRequest * frontEnd,
    ...cost.frontEnd !== undefined && { frontEnd: frontEndTimes(cost.frontEnd, frontEnd) },
  };
}

/**
 * Servers by chance, as the doubt has them. The numbers of a seed are the same for every server and
 * every doubt (common random numbers): draw i of one server is on as slow a day as draw i of another.
 */
export function drawServers(server: Server, options: DrawOptions): DrawnServer[] {
  const { draws, seed, doubt, horizon, sharedContext = 0 } = options;
  const normal = (name: string) => normalDraws(seed, name, draws);
  const { freedom } = doubt.speed;
  const speed = studentDraws(seed, "speed", { size: draws, freedom });
  const [memory, context, prefill, frontEnd] = ["memory", "context", "prefill", "front end"]
    .map(normal);
  const price = normal("price of shared context").map(normalCdf);
  const regions = doubt.batches.map(({ from }) => normal(`batches from ${from}`));
  return Array.from(Array(draws).keys(), (draw) => {
    const batch = (sequences: number) => {
      const region = doubt.batches.findLastIndex(({ from }) => from <= sequences);
      const own = batchDoubt(doubt, sequences) * (regions[region]?.[draw] ?? 0);
      return exp(doubt.memory * memory[draw] + own);
    };
    const cost = scaledCost(server.cost, {
      batch,
      context: exp(doubt.memory * memory[draw] + doubt.context * context[draw]) *
        // Measured with one share, asked for with another.
        (1 - sharedContext * (1 - price[draw])) / (1 - doubt.sharedContext * (1 - price[draw])),
      prefill: exp(doubt.prefill * prefill[draw]),
      frontEnd: exp(doubt.frontEnd * frontEnd[draw]),
    });
    const pace = {
      slowness: (1 + doubt.speed.mean) * exp(doubt.speed.sd * speed[draw]),
      drift: doubt.drift,
      scatter: doubt.scatter,
      stalls: doubt.stalls,
    };
    const random = {
      drift: substream(seed, `drift ${draw}`),
      scatter: substream(seed, `scatter ${draw}`),
      stalls: substream(seed, `stalls ${draw}`),
    };
    return { server: withCost(server, cost), clock: drawClock(pace, horizon, random) };
  });
}
