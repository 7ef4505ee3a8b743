import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import type { DriftDetectorDefinition } from "../../../src/estimation/detectors/detector.ts";
import { DETECTORS } from "../../../src/estimation/detectors/registry.ts";
import { calibrated } from "../../../src/estimation/estimators/calibrated.ts";
import { ESTIMATORS } from "../../../src/estimation/registry.ts";
import { parseSchedulerOptions, recordOfScheduler } from "../../../src/gateway/options.ts";
import { handWorkload } from "../../support/workloads.ts";

const parsed = (options: Record<string, unknown>) =>
  parseSchedulerOptions({ estimator: { name: "calibrated", options } });

/** Factors of two categories after 300 answers as expected, then 60 of the first three times as long. */
function factorsAfterStep(options: Record<string, unknown>): Readonly<Record<string, number>> {
  const size = 660;
  const { requests } = handWorkload({
    arrival: Array.from({ length: size }, (_, at) => at),
    category: Array.from({ length: size }, (_, at) => at < 600 ? at % 2 : 0),
  });
  const { definition, options: checked } = parsed({ counting: "tokenizer", ...options }).estimator;
  const estimator = definition.create(requests, checked);
  for (let at = 0; at < size; at++) {
    estimator.learn(at, { length: at < 600 ? 512 : 3 * 512, atLeast: false }, at);
  }
  return estimator.factors!();
}

test("a detector starts the drifted category anew, and no other", () => {
  const [name, other] = Object.keys(factorsAfterStep({ calibrator: "mean" }));
  const plain = factorsAfterStep({ calibrator: "mean" });
  // 301 ones (that of the start included) and 60 threes.
  expect(plain[name]).toBeCloseTo((301 + 60 * 3) / 361, 12);
  // ADWIN looks at multiples of 32 values: at the 320th it finds the 20 threes among them.
  const watched = factorsAfterStep({ calibrator: "mean", detector: "adwin" });
  expect(watched[name]).toBeCloseTo((1 + 41 * 3) / 42, 12);
  expect(watched[other]).toBe(1);
});

test("a detector's options count, and a definition is taken in place of a name", () => {
  const options = { threshold: 1000 };
  const late = factorsAfterStep({
    calibrator: "mean",
    detector: { name: "page-hinkley", options },
  });
  expect(late).toEqual(factorsAfterStep({ calibrator: "mean" }));
  const always: DriftDetectorDefinition = {
    name: "always",
    create: () => ({ update: () => "drift", reset() {} }),
  };
  const [factor] = Object.values(factorsAfterStep({ calibrator: "mean", detector: always }));
  expect(factor).toBe(2);
});

test("options without a detector are as they were; one by name is written with its options", () => {
  expect(parsed({}).estimator.options).not.toHaveProperty("detector");
  const { estimator } = recordOfScheduler(parsed({ calibrator: "mean", detector: "page-hinkley" }));
  const written = JSON.parse(JSON.stringify(estimator));
  const options = { minInstances: 30, delta: 0.005, threshold: 50, alpha: 0.9999, mode: "both" };
  expect(written.options.detector).toEqual({ name: "page-hinkley", options });
  expect(recordOfScheduler(parseSchedulerOptions({ estimator: written })).estimator)
    .toEqual(written);
});

test.each<[unknown, string]>([
  ["cusum", `estimator calibrated, field detector: got "cusum", expected one of `],
  [{ name: "adwin", options: { dleta: 1 } }, "options of detector adwin, field dleta: got 1"],
  [{ nmae: "adwin" }, 'field detector.nmae: got "adwin", expected a known name'],
  [3, "field detector: got 3, expected the name of a detector"],
])("the detector %j is refused", (detector, message) => {
  const given = () => parsed({ calibrator: "mean", detector });
  expect(given).toThrow(InputError);
  expect(given).toThrow(message);
});

test("a detector that takes errors is refused with those that take numbers", () => {
  const numbers = DETECTORS.all.filter(({ takes }) => takes !== "errors").map(({ name }) => name);
  expect(numbers).toEqual(expect.arrayContaining(["page-hinkley", "adwin"]));
  expect(() => parsed({ calibrator: "mean", detector: "ddm" })).toThrow(
    `field detector: got "ddm", expected a detector that takes numbers: ${numbers.join(", ")}`,
  );
});

test("a detector without a calibrator that learns is refused", () => {
  const { requests } = handWorkload({ arrival: [0] });
  const { options } = parsed({ detector: "adwin" }).estimator;
  expect(ESTIMATORS.named("calibrated")).toBe(calibrated);
  expect(() => calibrated.create(requests, options as never)).toThrow(
    'field calibrator: got "none", expected a calibrator that learns, since there is a detector',
  );
});
