import { expect, test } from "vitest";
import { measuredAgainstSimulated } from "../../src/figures/measured-against-simulated.ts";
import { MEASURED_AND_SIMULATED, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

const draw = (rows: typeof MEASURED_AND_SIMULATED) => measuredAgainstSimulated(tableOf(rows));
const plain = (text: string) => text.replaceAll("\u00a0", " ");

test("draws every request, a panel a run, with its mean error under its name", () => {
  const drawing = parseSvg(draw(MEASURED_AND_SIMULATED).svg);
  const dots = [...marksIn(drawing, "dot", "path"), ...marksIn(drawing, "dot", "circle")];
  expect(dots).toHaveLength(24);
  expect(drawing.texts.map(plain)).toEqual(expect.arrayContaining([
    "ds_l5.fcfs16",
    "simulated: 10.0 % off",
    "measured again: 5.0 % off",
  ]));
});

test("the title holds the simulation's error beside that between two recordings", () => {
  expect(plain(draw(MEASURED_AND_SIMULATED).title)).toBe(
    "Simulated requests end 10.0 % off on the average; two recordings of one run differ by 5.0 %",
  );
  const alone = MEASURED_AND_SIMULATED.filter(({ other }) => other === "simulated");
  expect(plain(draw(alone).title)).toBe("Simulated requests end 10.0 % off on the average");
});

test("four runs take two lines of panels", () => {
  const four = ["a", "b", "c", "d"].flatMap((run) =>
    MEASURED_AND_SIMULATED.slice(0, 12).map((row) => ({ ...row, run }))
  );
  const height = (rows: typeof four) => draw(rows).picture.height;
  expect(height(four)).toBeGreaterThan(1.7 * height(four.slice(0, 36)));
});
