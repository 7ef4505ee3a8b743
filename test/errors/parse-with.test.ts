import { expect, test } from "vitest";
import * as z from "zod";
import { InputError } from "../../src/errors/input-error.ts";
import { parseWith } from "../../src/errors/parse-with.ts";

const Schema = z.strictObject({
  rate: z.number().positive().default(1),
  seed: z.int().optional(),
  mode: z.enum(["split", "tokenizer"]).optional(),
  share: z.union([z.number(), z.record(z.string(), z.number().positive())]).optional(),
  model: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("a") }),
    z.strictObject({ kind: z.literal("b") }),
  ]).optional(),
  list: z.array(z.strictObject({ n: z.number().max(3) })).optional(),
});

function refusal(input: unknown): InputError {
  try {
    parseWith(Schema, input, "parameters");
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("was accepted");
}

test("what fits is returned with its defaults", () => {
  expect(parseWith(Schema, { seed: 3 }, "parameters")).toEqual({ rate: 1, seed: 3 });
});

test.each<[string, unknown, string]>([
  ["a wrong type", { rate: "x" }, 'field rate: got "x", expected number'],
  ["a negative rate", { rate: -1 }, "field rate: got -1, expected number to be >0"],
  ["NaN", { rate: NaN }, "field rate: got NaN, expected number"],
  ["a fraction for a count", { seed: 1.5 }, "field seed: got 1.5, expected int"],
  [
    "a word outside a list",
    { mode: "words" },
    'field mode: got "words", expected one of "split"|"tokenizer"',
  ],
  ["no branch of a union", { share: "a" }, 'field share: got "a", expected number or record'],
  [
    "a value inside a union's branch",
    { share: { summary: -1 } },
    "field share.summary: got -1, expected number to be >0",
  ],
  [
    "an unknown kind",
    { model: { kind: "c" } },
    "field model.kind: got \"c\", expected 'a' | 'b'",
  ],
  ["a value deep inside", { list: [{ n: 1 }, { n: 9 }] }, "field list.1.n: got 9, expected"],
  [
    "an unknown key",
    { rat: 2 },
    "field rat: got 2, expected a known name, one of rate, seed, mode, share, model, list",
  ],
])("%s is named with field, value and what was expected", (_case, input, line) => {
  expect(refusal(input).message).toContain(`parameters, ${line}`);
});

test("input that is no object at all is named without a field", () => {
  expect(refusal(5).message).toBe("parameters: got 5, expected object");
  expect(refusal(null).message).toBe("parameters: got null, expected object");
});

test("every problem is reported, not the first alone", () => {
  const { problems } = refusal({ rate: "x", seed: "y", one: 1, two: 2 });
  expect(problems.map(({ field }) => field)).toEqual(["rate", "seed", "one", "two"]);
  expect(problems.map(({ value }) => value)).toEqual(["x", "y", 1, 2]);
});

test("the library's own verdicts do not stand where the expectation belongs", () => {
  const schema = z.strictObject({
    pattern: z.string().regex(/^a/),
    address: z.url(),
    step: z.number().multipleOf(3),
    odd: z.number().refine((n) => n % 2 === 1),
    own: z.number().refine(() => false, { error: "a number >= gapMin" }),
  });
  const input = { pattern: "b", address: "b", step: 4, odd: 2, own: 1 };
  try {
    parseWith(schema, input, "p");
    expect.unreachable();
  } catch (error) {
    expect((error as InputError).problems.map(({ expected }) => expected)).toEqual([
      "to match pattern /^a/",
      "a valid URL",
      "to be a multiple of 3",
      "another value",
      "a number >= gapMin",
    ]);
  }
});

test("of many problems the first twenty are listed and the rest is counted", () => {
  const bad = { list: Array.from({ length: 25 }, () => "x") };
  try {
    parseWith(z.object({ list: z.array(z.number()) }), bad, "f.json");
    throw new Error("was accepted");
  } catch (error) {
    expect((error as InputError).problems.length).toBe(20);
    expect((error as InputError).message).toMatch(
      /field list\.19: [^\n]*\n… and 5 more problems in f\.json$/,
    );
  }
});
