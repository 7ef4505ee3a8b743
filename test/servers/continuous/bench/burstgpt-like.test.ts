import { expect, test } from "vitest";
import { burstgptLike } from "../../../../src/servers/continuous/bench/burstgpt-like.ts";

const mean = (column: Int32Array) => column.reduce((sum, value) => sum + value, 0) / column.length;

test("lengths have BurstGPT's means, arrivals the rate, and everything fits the server", () => {
  const options = { seed: 1, rate: 2, maxModelLen: 4096 };
  const { arrival, promptTokens, outputTokens } = burstgptLike(20_000, options);
  expect(Math.abs(mean(promptTokens) / 589 - 1)).toBeLessThan(0.05);
  expect(Math.abs(mean(outputTokens) / 293 - 1)).toBeLessThan(0.05);
  expect(Math.abs(arrival.at(-1)! / 10_000 - 1)).toBeLessThan(0.05);
  expect(promptTokens.every((prompt, i) => prompt >= 1 && outputTokens[i] >= 1)).toBe(true);
  expect(promptTokens.every((prompt, i) => prompt + outputTokens[i] <= 4096)).toBe(true);
  expect(arrival.every((instant, i) => i === 0 || instant >= arrival[i - 1])).toBe(true);
  expect(burstgptLike(50, options).outputTokens).toEqual(outputTokens.subarray(0, 50));
});
