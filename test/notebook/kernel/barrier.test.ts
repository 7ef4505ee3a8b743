import { expect, test } from "vitest";
import { installKernelBarrier } from "../../../src/notebook/kernel/barrier.ts";

test("installKernelBarrier() does nothing outside a Deno kernel and says so", () => {
  const log = console.log;
  expect(installKernelBarrier()).toBe(false);
  expect(console.log).toBe(log);
});
