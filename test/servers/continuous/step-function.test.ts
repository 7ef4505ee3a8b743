import { expect, test } from "vitest";
import { StepFunction } from "../../../src/servers/continuous/step-function.ts";

test("only what holds for a time and changes something is kept", () => {
  const f = new StepFunction();
  f.set(0, 0);
  f.set(1, 3);
  f.set(2, 3);
  f.set(3, 5);
  f.set(3, 4);
  f.set(4, 9);
  f.set(4, 4);
  f.set(5, 0);
  expect([...f.at]).toEqual([1, 3, 5]);
  expect([...f.value]).toEqual([3, 4, 0]);
});

test("it grows", () => {
  const f = new StepFunction();
  for (let i = 1; i <= 1000; i++) f.set(i, i);
  expect(f.size).toBe(1000);
  expect(f.at[999]).toBe(1000);
});
