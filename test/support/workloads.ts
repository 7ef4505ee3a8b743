import type { StepCost } from "../../src/servers/costs/step-cost.ts";
import { CATEGORIES } from "../../src/paper/categories.ts";
import { TIERS } from "../../src/workload/tiers.ts";
import type { Phase, Workload } from "../../src/workload/workload.ts";

/** Columns of a workload that a test writes by hand; what is left out has a plain default. */
export interface HandColumns {
  /** Shape (n), seconds since the phase's start. */
  readonly arrival: ArrayLike<number>;
  /** Shape (n), tokens. @default 1 each */
  readonly outputTokens?: ArrayLike<number>;
  /** Shape (n). @default absent, as in a trace of lengths */
  readonly outputWords?: ArrayLike<number>;
  /** Shape (n). @default 10 each */
  readonly promptTokens?: ArrayLike<number>;
  /** Shape (n). @default absent */
  readonly promptWords?: ArrayLike<number>;
  /** Shape (n), codes into TIERS. @default premium */
  readonly tier?: ArrayLike<number>;
  /** Shape (n), codes into CATEGORIES. @default short_qa */
  readonly category?: ArrayLike<number>;
  /** @default one phase */
  readonly phases?: readonly [Phase, ...Phase[]];
  readonly promptText?: (request: number) => string;
}

/** A workload out of hand-written columns. */
export function handWorkload(columns: HandColumns): Workload {
  const size = columns.arrival.length;
  const ints = (values: ArrayLike<number> | undefined, otherwise: number) =>
    values === undefined ? new Int32Array(size).fill(otherwise) : Int32Array.from(values);
  const labels = (values: ArrayLike<number> | undefined) => Uint8Array.from(ints(values, 0));
  const tier = { codes: labels(columns.tier), names: TIERS };
  const words = (values: ArrayLike<number> | undefined) => values && Int32Array.from(values);
  return {
    name: "by hand",
    requests: {
      size,
      arrival: Float64Array.from(columns.arrival),
      phases: columns.phases ?? [{ name: "only", first: 0, afterDrainSeconds: 0 }],
      tenant: tier,
      tier,
      category: { codes: labels(columns.category), names: CATEGORIES },
      maxTokens: new Int32Array(size).fill(2 ** 20),
      promptTokens: ints(columns.promptTokens, 10),
      promptWords: words(columns.promptWords),
      promptText: columns.promptText,
    },
    truth: {
      outputTokens: ints(columns.outputTokens, 1),
      outputWords: words(columns.outputWords),
    },
    provenance: { source: "by hand" },
  };
}

/** What a step costs, from plain numbers: the same for every batch size. */
export function plainCost(
  { base, perContextToken = 0, perPrefillToken = 0, perRequest = 0, maxBatch = 256 }: {
    readonly base: number | ((batch: number) => number);
    readonly perContextToken?: number | ((batch: number) => number);
    readonly perPrefillToken?: number;
    readonly perRequest?: number;
    readonly maxBatch?: number;
  },
): StepCost {
  const table = (value: number | ((batch: number) => number)) =>
    Float64Array.from(
      { length: maxBatch + 1 },
      (_, b) => typeof value === "number" ? value : value(b),
    );
  return {
    name: "plain",
    base: table(base),
    perContextToken: table(perContextToken),
    perPrefillToken,
    perRequest,
    source: "a test",
  };
}
