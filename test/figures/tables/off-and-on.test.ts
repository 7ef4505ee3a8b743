import { expect, test } from "vitest";
import { offAndOn } from "../../../src/figures/tables/off-and-on.ts";

const rows = (...names: string[]) => names.map((calibration) => ({ calibration }));

test("off is what does not learn, on is the calibrator, whatever it is called", () => {
  expect(offAndOn("x", rows("ema", "none"))).toEqual({ off: "none", on: "ema" });
  expect(offAndOn("x", rows("none", "window"))).toEqual({ off: "none", on: "window" });
});

test("of calibrators that nobody has registered the first in the table is off", () => {
  expect(offAndOn("x", rows("plain", "median", "plain"))).toEqual({ off: "plain", on: "median" });
});

test.each([[["none"]], [["ema"]], [["mine"]], [["ema", "mine"]]])("only %s is refused", (names) => {
  expect(() => offAndOn("x", rows(...names))).toThrow(
    /a calibrator that does not learn \(off\) and rows with one that learns \(on\)/,
  );
});
