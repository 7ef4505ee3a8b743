import { expect, test } from "vitest";
import { clientSkew } from "../../src/analysis/client-skew.ts";
import { dispersionOverWidth } from "../../src/analysis/dispersion-over-width.ts";
import { lengthTails } from "../../src/analysis/length-tails.ts";
import { trafficOverTime } from "../../src/analysis/traffic-over-time.ts";
import type { Labels, Workload } from "../../src/workload/workload.ts";

const ONE: Labels = { codes: new Uint8Array(0), names: ["default"] };

/** Requests at these times with these answers; prompts twice as long. */
function workloadOf(arrival: readonly number[], answers: readonly number[]): Workload {
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

test("dispersion is of bins from 1 s to a twentieth of the span, and grows where bursts last", () => {
  // Half a minute with one request a second, half a minute without, and so on for 1000 s.
  const arrival = Array.from({ length: 1001 }, (_, i) => i).filter((i) => i % 60 < 30);
  const { requests } = workloadOf(arrival, arrival.map(() => 1));
  const rows = dispersionOverWidth([{ trace: "a", source: "real", arrivals: requests }])
    .objects() as { seconds: number; dispersion: number }[];
  expect(rows.map(({ seconds }) => seconds)).toEqual([1, 2, 5, 10, 20]);
  // Of bins that hold 0 or 1, about half each, the variance is half the mean; ten times that of 10.
  expect(rows[0].dispersion).toBeCloseTo(0.5, 1);
  expect(rows[3].dispersion).toBeCloseTo(5, 0);
});

test("a tail holds the median exactly, prompts and answers, down to the last request", () => {
  const answers = Array.from({ length: 101 }, (_, i) => i + 1);
  const rows = lengthTails([{ trace: "a", workload: workloadOf(answers, answers) }])
    .objects() as { kind: string; share: number; tokens: number }[];
  const at = (kind: string, share: number) =>
    rows.find((row) => row.kind === kind && row.share === share)?.tokens;
  expect([at("answers", 1), at("answers", 0.5), at("answers", 0.01)]).toEqual([1, 51, 100]);
  expect([at("prompts", 0.5), at("prompts", 0.1)]).toEqual([102, 182]);
  expect(Math.min(...rows.map(({ share }) => share))).toBe(0.01);
});

test("windows hold every request, and multiples of the trace's own means", () => {
  const workload = workloadOf([100, 101, 102, 103, 110], [10, 10, 10, 10, 60]);
  const rows = trafficOverTime([{ trace: "a", workload }], { windows: 5 }).objects() as {
    hours: number;
    requests: number;
    arrivals: number;
    answers: number;
  }[];
  expect(rows.map(({ requests }) => requests)).toEqual([2, 2, 0, 0, 1]);
  expect(rows.map(({ arrivals }) => arrivals)).toEqual([2, 2, 0, 0, 1]);
  expect(rows.map(({ answers }) => answers)).toEqual([0.5, 0.5, NaN, NaN, 3]);
  expect(rows[4].hours).toBeCloseTo(9 / 3600, 12);
  expect(() => trafficOverTime([{ trace: "lengths", workload: workloadOf([0, 0], [1, 1]) }]))
    .toThrow(/lengths.*do not all arrive at one instant/);
});

test("clients count from the largest; requests of nobody count for nobody", () => {
  const clients = { codes: Uint8Array.of(1, 1, 2, 0, 1, 3), names: ["", "a", "b", "c", "unused"] };
  expect(clientSkew([{ trace: "a", unit: "clients", clients }]).objects()).toEqual([
    { trace: "a", unit: "clients", rank: 1, of: 3, share: 0.6, equal: 1 / 3 },
    { trace: "a", unit: "clients", rank: 2, of: 3, share: 0.8, equal: 2 / 3 },
    { trace: "a", unit: "clients", rank: 3, of: 3, share: 1, equal: 1 },
  ]);
  const many = {
    codes: Int32Array.from({ length: 5000 }, (_, i) => i),
    names: Array.from({ length: 5000 }, (_, i) => `s${i}`),
  };
  const ranks = clientSkew([{ trace: "a", unit: "sessions", clients: many }])
    .array("rank") as number[];
  expect(ranks.length).toBeLessThan(100);
  expect(ranks.at(-1)).toBe(5000);
});
