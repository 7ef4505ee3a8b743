import { expect, test } from "vitest";
import { lengthTails } from "../../src/analysis/length-tails.ts";
import { workloadOf } from "./traffic.ts";

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

test("shares fall from all to the last request, and so many exceed the length that stands there", () => {
  const answers = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
  const rows = lengthTails([{ trace: "a", workload: workloadOf(answers, answers) }])
    .objects() as { kind: string; share: number; tokens: number }[];
  for (const kind of ["prompts", "answers"]) {
    const own = rows.filter((row) => row.kind === kind);
    expect(own.map(({ share }) => share)).toEqual(
      own.map(({ share }) => share).toSorted((a, b) => b - a),
    );
    expect(own.at(-1)!.share).toBeCloseTo(0.001, 12);
    for (const { share, tokens } of own) {
      const longer = answers.filter((answer) =>
        (kind === "prompts" ? 2 : 1) * answer > tokens
      ).length;
      expect(Math.abs(longer - 1000 * share)).toBeLessThanOrEqual(1);
    }
  }
});

test("a trace without requests has no tail", () => {
  expect(lengthTails([{ trace: "a", workload: workloadOf([], []) }]).numRows()).toBe(0);
});
