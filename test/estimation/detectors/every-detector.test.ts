import { describe, expect, test } from "vitest";
import * as z from "zod";
import { InputError } from "../../../src/errors/input-error.ts";
import type { DriftDetector, DriftSignal } from "../../../src/estimation/detectors/detector.ts";
import { createDetector, DETECTORS } from "../../../src/estimation/detectors/registry.ts";

/** One value in ten is 1, then nine in ten are: a step that errors and numbers can both take. */
const STEP_AT = 400;
const rising = (length: number): number[] =>
  Array.from({ length }, (_, at) => Number(at < STEP_AT ? at % 10 === 0 : at % 10 !== 0));
const falling = (length: number): number[] => rising(length).map((value) => 1 - value);

/** A step that every detector finds with its defaults is found within so many values. */
const BOUND = 100;

const signalsOf = (detector: DriftDetector, values: readonly number[]): DriftSignal[] =>
  values.map((value, at) => detector.update(value, at));

describe.each(DETECTORS.all)("detector $name", ({ name, title, takes = "numbers", options }) => {
  const stream = [...rising(900), ...rising(900)];

  test("gives the same signals for the same values", () => {
    const signals = signalsOf(createDetector(name), stream);
    expect(signals).toContain("drift");
    expect(signalsOf(createDetector(name), stream)).toEqual(signals);
  });

  test("is as new after a reset, wherever that comes", () => {
    const fresh = signalsOf(createDetector(name), stream);
    for (const before of [1, 37, STEP_AT + 20, 900]) {
      const detector = createDetector(name);
      signalsOf(detector, falling(900).slice(0, before));
      detector.reset();
      expect(signalsOf(detector, stream)).toEqual(fresh);
    }
  });

  test("is as new after an alarm", () => {
    const signals = signalsOf(createDetector(name), stream);
    const next = signals.indexOf("drift") + 1;
    expect(signalsOf(createDetector(name), stream.slice(next))).toEqual(signals.slice(next));
  });

  test.each(takes === "errors" ? [0, 1] : [0, 1, 0.1, -7, 512.3])(
    "raises no alarm and no warning where every value is %d",
    (value) => {
      const signals = signalsOf(createDetector(name), Array(3000).fill(value));
      expect(new Set(signals)).toEqual(new Set(["none"]));
    },
  );

  test.each(
    takes === "errors" ? [["rising", rising]] as const : [
      ["rising", rising],
      ["falling", falling],
    ] as const,
  )(
    `finds a large %s step within ${BOUND} values, and nothing before it`,
    (_, step) => {
      const found = signalsOf(createDetector(name), step(STEP_AT + BOUND)).indexOf("drift");
      expect(found).toBeGreaterThanOrEqual(STEP_AT);
    },
  );

  test("shares nothing with others of its kind", () => {
    const one = createDetector(name), other = createDetector(name);
    const down = falling(stream.length);
    const both = stream.map((value, at) => [one.update(value, at), other.update(down[at], at)]);
    expect(both.map(([signal]) => signal)).toEqual(signalsOf(createDetector(name), stream));
    expect(both.map(([, signal]) => signal)).toEqual(signalsOf(createDetector(name), down));
  });

  test("refuses options that it does not have, and values that they cannot have, by name", () => {
    const refusal = (given: Record<string, unknown>) => {
      try {
        createDetector({ name, options: given });
      } catch (error) {
        if (error instanceof InputError) return error.message;
        throw error;
      }
      return "not refused";
    };
    const file = `options of detector ${name}`;
    expect(refusal({ treshold: 1 })).toContain(`${file}, field treshold: got 1, expected`);
    const known = options === undefined ? {} : options.parse({}) as object;
    for (const option of Object.keys(known)) {
      for (const value of [null, NaN]) {
        expect(refusal({ [option]: value })).toContain(`${file}, field ${option}: got ${value}`);
      }
    }
  });

  test("has a name and a title of its own", () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    const titles = DETECTORS.all.map((other) => other.title ?? other.name);
    expect(titles.filter((other) => other === (title ?? name))).toHaveLength(1);
    expect(DETECTORS.names.filter((other) => other === name)).toHaveLength(1);
  });
});

test("an unknown detector is refused with the known names; ADWIN is the default", () => {
  const known = `expected one of ${DETECTORS.names.join(", ")}`;
  expect(() => createDetector("cusum")).toThrow(`field detector: got "cusum", ${known}`);
  const signals = signalsOf(createDetector(), rising(900));
  expect(signals).toEqual(signalsOf(createDetector("adwin"), rising(900)));
  const sooner = createDetector({ options: { clock: 1 } });
  expect(signalsOf(sooner, rising(900)).indexOf("drift")).toBeLessThan(signals.indexOf("drift"));
});

test("a detector that nobody registered is taken in place of a name, with its options", () => {
  const above = {
    name: "above",
    options: z.strictObject({ level: z.number().default(3) }),
    create: ({ level }: { level: number }): DriftDetector => ({
      update: (value) => value > level ? "drift" : "none",
      reset() {},
    }),
  };
  expect(signalsOf(createDetector(above), [1, 4])).toEqual(["none", "drift"]);
  const high = createDetector({ definition: above, options: { level: 5 } });
  expect(signalsOf(high, [1, 4])).toEqual(["none", "none"]);
});

test.each([0.5, -1, 2, NaN])("DDM refuses %d, which is neither an error nor none", (value) => {
  expect(() => createDetector("ddm").update(value, 0)).toThrow(RangeError);
});
