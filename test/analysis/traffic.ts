import type { Labels, Workload } from "../../src/workload/workload.ts";

const ONE: Labels = { codes: new Uint8Array(0), names: ["default"] };

/** Requests at these times with these answers; prompts twice as long. */
export function workloadOf(arrival: readonly number[], answers: readonly number[]): Workload {
  const outputTokens = Int32Array.from(answers);
  return {
    name: "hand-made",
    requests: {
      size: arrival.length,
      arrival: Float64Array.from(arrival),
      phases: [{ name: "all", first: 0, afterDrainSeconds: 0 }],
      ...{ tenant: ONE, tier: ONE, category: ONE },
      maxTokens: outputTokens,
      promptTokens: outputTokens.map((tokens) => 2 * tokens),
    },
    truth: { outputTokens },
    provenance: { source: "test" },
  };
}
