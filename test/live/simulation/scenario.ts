import type { GatewayOptionsInput } from "../../../src/gateway/gateway-options.ts";
import type { SyncPolicy } from "../../../src/live/journal/journal.ts";
import { paperEstimate } from "../../../src/paper/scheduler.ts";
import { type Random, substream, uniformInt } from "../../../src/random/substream.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { handWorkload } from "../../support/workloads.ts";
import type { NetworkOptions } from "./simulated-network.ts";

/** Something that befalls a run at an instant of simulated time, in milliseconds. */
export type Incident =
  | {
    readonly at: number;
    readonly what: "server dies";
    readonly server: number;
    readonly for: number;
  }
  | { readonly at: number; readonly what: "kill" }
  | { readonly at: number; readonly what: "power cut" }
  | { readonly at: number; readonly what: "interrupt" }
  | { readonly at: number; readonly what: "clock set"; readonly by: number }
  | { readonly at: number; readonly what: "freeze"; readonly for: number };

/** What the disk does wrong. Calls are counted by process, from 0. */
export interface DiskFaults {
  /** Chance that a write comes to its end in part. */
  readonly shortWrites: number;
  /** Disk calls of each process at which it dies, the last one for good: never again. */
  readonly killAt: readonly number[];
  /** Disk calls at which power goes, likewise. */
  readonly cutAt: readonly number[];
  /** For each process the call from which on the disk is full. */
  readonly fullFrom: readonly number[];
}

/** Everything that makes one simulated run what it is. */
export interface Scenario {
  readonly seed: number;
  readonly workload: Workload;
  readonly servers: number;
  readonly chat: boolean;
  readonly gateway: GatewayOptionsInput;
  readonly client: { readonly firstByteSeconds?: number; readonly betweenChunksSeconds: number };
  readonly speed: number;
  readonly sync: SyncPolicy;
  readonly network: NetworkOptions;
  /** Chance that a server does not answer as it should. */
  readonly faults: number;
  /** Longest pause of a server between two tokens, milliseconds. */
  readonly pause: number;
  readonly disk: DiskFaults;
  readonly incidents: readonly Incident[];
  /** Simulated milliseconds from which on nothing goes wrong any more. */
  readonly calmAt: number;
}

type Weighted<T> = readonly T[];
const pick = <T>(random: Random, values: Weighted<T>): T =>
  values[uniformInt(random, values.length)];

function workloadOf(random: Random): Workload {
  const size = 1 + uniformInt(random, pick(random, [3, 12, 24]));
  const seconds = pick(random, [0, 0.5, 4]);
  const arrival = Float64Array.from({ length: size }, () => seconds * random.next()).sort();
  if (random.next() < 0.3) arrival.fill(arrival[0]);
  const second = 1 + uniformInt(random, size);
  const twice = second < size && random.next() < 0.25;
  // A phase has a clock of its own.
  if (twice) { for (let i = second; i < size; i++) arrival[i] -= arrival[second] - 0.01; }
  const ints = (most: number) =>
    Int32Array.from({ length: size }, () => 1 + uniformInt(random, most));
  const outputTokens = ints(pick(random, [2, 8, 20]));
  return handWorkload({
    arrival: twice ? [...arrival.slice(0, second), ...arrival.slice(second).sort()] : arrival,
    outputTokens,
    outputWords: outputTokens,
    promptTokens: ints(40),
    promptWords: ints(30),
    tier: Int32Array.from({ length: size }, () => uniformInt(random, 3)),
    category: Int32Array.from({ length: size }, () => uniformInt(random, 4)),
    ...twice && {
      phases: [
        { name: "one", first: 0, afterDrainSeconds: 0 },
        { name: "two", first: second, afterDrainSeconds: pick(random, [0, 0.2]) },
      ],
    },
  });
}

function gatewayOf(random: Random): GatewayOptionsInput {
  const rule = pick(random, ["in-flight", "in-flight", "in-flight", "micro-batch", "pass-through"]);
  return {
    scheduler: {
      policy: pick(random, ["fifo", "sjf", "sjf"]),
      estimator: pick(random, [
        paperEstimate(),
        paperEstimate({ counting: "tokenizer", learnAgainst: "estimate" }),
        "cap",
      ]),
      feedbackOrder: pick(random, ["completion", "arrival"]),
    },
    dispatch: rule === "in-flight"
      ? { rule, window: 1 + uniformInt(random, 4) }
      : rule === "micro-batch"
      ? { rule, maxBatch: 1 + uniformInt(random, 6), idleSeconds: 0.2 }
      : { rule: "pass-through" },
    retry: { attempts: 1 + uniformInt(random, 5), baseSeconds: 0.2, maxSeconds: 2 },
    health: {
      failures: 1 + uniformInt(random, 3),
      probeSeconds: 0.3,
      probeMaxSeconds: 2,
      giveUpSeconds: pick(random, [1, 5, 30]),
    },
    seed: 1 + uniformInt(random, 1000),
    timeLimitSeconds: pick(random, [undefined, undefined, undefined, 1, 4]),
    drainSeconds: pick(random, [0, 0.5, 10]),
    cooldownSeconds: pick(random, [0, 0, 0.5]),
  };
}

function incidentsOf(random: Random, servers: number, calmAt: number): Incident[] {
  const at = () => calmAt * random.next() ** 2;
  const incidents: Incident[] = [];
  const draw = (chance: number, most: number, make: () => Incident) => {
    if (random.next() >= chance) return;
    for (let count = 1 + uniformInt(random, most); count > 0; count--) incidents.push(make());
  };
  draw(0.3, 3, () => ({
    at: at(),
    what: "server dies",
    server: uniformInt(random, servers),
    for: pick(random, [50, 1000, 6000]),
  }));
  draw(0.3, 3, () => ({ at: at(), what: "kill" }));
  draw(0.15, 2, () => ({ at: at(), what: "power cut" }));
  draw(0.2, 2, () => ({ at: at(), what: "interrupt" }));
  draw(
    0.15,
    1,
    () => ({ at: at(), what: "clock set", by: pick(random, [-3.6e6, -1000, 5000, 9e9]) }),
  );
  draw(0.15, 2, () => ({ at: at(), what: "freeze", for: pick(random, [20, 400, 4000]) }));
  return incidents.sort((a, b) => a.at - b.at);
}

/** The scenario of a seed: the same at every call. */
export function scenarioOf(seed: number): Scenario {
  const random = substream(seed, "scenario");
  const servers = 1 + uniformInt(random, 3);
  const calmAt = pick(random, [0, 3000, 8000]);
  const rough = calmAt > 0;
  const calls = (chance: number, most: number) =>
    rough && random.next() < chance
      ? Array.from({ length: 1 + uniformInt(random, 2) }, () => uniformInt(random, most))
      : [];
  return {
    seed,
    workload: workloadOf(random),
    servers,
    chat: random.next() < 0.3,
    gateway: gatewayOf(random),
    client: {
      ...(rough || random.next() < 0.5) && { firstByteSeconds: pick(random, [0.5, 3]) },
      betweenChunksSeconds: pick(random, [0.5, 2]),
    },
    speed: pick(random, [1, 1, 1, 20]),
    sync: pick(random, ["second", "always", "always", "never"]),
    network: {
      delay: pick(random, [0.5, 5, 60]),
      breaks: rough ? pick(random, [0, 0.05, 0.3]) : 0,
      unreachable: rough ? pick(random, [0, 0, 0.1]) : 0,
      cuts: random.next() < 0.7,
    },
    faults: rough ? pick(random, [0, 0.1, 0.4, 0.9]) : 0,
    pause: pick(random, [1, 20, 150]),
    disk: {
      shortWrites: random.next() < 0.3 ? 0.5 : 0,
      killAt: calls(0.25, 60),
      cutAt: calls(0.15, 80),
      fullFrom: calls(0.1, 60),
    },
    incidents: rough ? incidentsOf(random, servers, calmAt) : [],
    calmAt,
  };
}
