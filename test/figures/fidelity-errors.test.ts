import { expect, test } from "vitest";
import { fidelityErrors } from "../../src/figures/fidelity-errors.ts";
import { FIDELITY_ERRORS, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

type Rows = typeof FIDELITY_ERRORS;
const draw = (rows: Rows) => fidelityErrors(tableOf(rows));

test("draws a prediction, the bounds, the noise and what is left at the machine's own speed", () => {
  const drawing = parseSvg(draw(FIDELITY_ERRORS).svg);
  const inKey = 3;
  const symbols = [...marksIn(drawing, "dot", "path"), ...marksIn(drawing, "dot", "circle")];
  expect(symbols).toHaveLength(2 * FIDELITY_ERRORS.length + inKey);
  expect(marksIn(drawing, "bar", "rect")).toHaveLength(2 * FIDELITY_ERRORS.length);
});

test("the title counts recordings, not metrics, and says why the others miss", () => {
  expect(draw(FIDELITY_ERRORS).title).toBe(
    "Of 3 recordings 1 are within bounds; 1 misses by the machine's own speed that day and " +
      "1 misses by the model",
  );
  expect(draw(FIDELITY_ERRORS.slice(0, 2)).title).toBe("Of 1 recordings 1 are within bounds");
});

test("a run without an iteration log, and without a repetition, is drawn without them", () => {
  const bare = FIDELITY_ERRORS.map((row) => ({ ...row, noise: null, ownSpeed: null }));
  const drawing = parseSvg(draw(bare).svg);
  expect(marksIn(drawing, "bar", "rect")).toHaveLength(FIDELITY_ERRORS.length);
});
