import { expect, test } from "vitest";
import { offAndOn } from "../../../src/figures/tables/off-and-on.ts";

const rows = (...names: string[]) => names.map((calibration) => ({ calibration }));

test("off is none, on is the calibrator, whatever it is called", () => {
  expect(offAndOn("x", rows("ema", "none"))).toEqual({ off: "none", on: "ema" });
  expect(offAndOn("x", rows("none", "window"))).toEqual({ off: "none", on: "window" });
});

test.each([[["none"]], [["ema"]]])("only %s is refused", (names) => {
  expect(() => offAndOn("x", rows(...names))).toThrow(/rows with none and rows with a calibrator/);
});
