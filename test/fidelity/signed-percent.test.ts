import { expect, test } from "vitest";
import { signedPercent } from "../../src/fidelity/signed-percent.ts";

test("one digit after the point, a sign always, the unit not torn off", () => {
  expect([4, 0, -0.26].map(signedPercent)).toEqual(["+4.0\u00a0%", "+0.0\u00a0%", "−0.3\u00a0%"]);
});
