import type { Labels, Workload } from "../../../../src/workload/workload.ts";

const labels = (codes: number[], ...names: string[]): Labels => ({
  codes: Uint8Array.from(codes),
  names,
});

/** Two phases of four and three requests, every column different from row to row. */
export function smallWorkload(): Workload {
  return {
    name: "small",
    requests: {
      size: 7,
      arrival: Float64Array.of(0, 1, 2.5, 4, 0.5, 1, 3),
      phases: [
        { name: "first", first: 0, afterDrainSeconds: 0 },
        { name: "second", first: 4, afterDrainSeconds: 15 },
      ],
      tenant: labels([0, 1, 2, 1, 1, 2, 3], "a", "b", "c", "d"),
      tier: labels([0, 0, 0, 0, 0, 0, 0], "default"),
      category: labels([0, 1, 0, 1, 0, 1, 0], "x", "y"),
      maxTokens: Int32Array.of(10, 20, 30, 40, 50, 60, 70),
      promptTokens: Int32Array.of(5, 1, 4, 2, 3, 7, 6),
      promptWords: Int32Array.of(50, 10, 40, 20, 30, 70, 60),
      promptText: (request) => `text ${request}`,
    },
    truth: {
      outputTokens: Int32Array.of(1, 2, 3, 4, 5, 6, 7),
      outputWords: Int32Array.of(11, 12, 13, 14, 15, 16, 17),
    },
    provenance: { source: "by hand", steps: ["made"] },
  };
}
