import { expect, test } from "vitest";
import { readableError } from "../../../src/reports/kernel/readable-error.ts";

test("readableError() drops the frames of Deno and of the runner's hooks", () => {
  const traceback = [
    "Error: late",
    "    at Timeout.<anonymous> (<anonymous>:2:9)",
    "    at Timeout._onTimeout (file:///a/src/reports/kernel/hooks/watch-leftovers.ts:14:22)",
    "    at listOnTimeout (ext:core/02_timers.js:307:17)",
    "    at simulate (file:///a/src/engines/simulate.ts:9:1)",
  ];
  expect(readableError({ ename: "Error", evalue: "late", traceback }).traceback)
    .toEqual([traceback[0], traceback[1], traceback[4]]);
});

test("readableError() gives a traceback to a value thrown that has none", () => {
  expect(readableError({ ename: "Error", evalue: "text", traceback: [""] }).traceback)
    .toEqual(["Error: text"]);
});
