import { expect, test } from "vitest";
import { ReadLog } from "../../../src/workload/readers/read-log.ts";

test("values of refused rows are listed up to 16 million characters, all are counted", () => {
  const log = new ReadLog("log.jsonl", "mine");
  log.keep();
  const value = "x".repeat(2 ** 20);
  for (let row = 2; row < 102; row++) {
    log.refuse([{ file: "log.jsonl", row, value, expected: "JSON" }]);
  }
  const { problems, problemCount, rowsRefused } = log.finish({ lenient: true });
  expect([problems.length, problemCount, rowsRefused]).toEqual([17, 100, 100]);
  expect(() => log.finish({})).toThrow(
    /… and 83 more problems in log\.jsonl \(100 rows refused\)$/,
  );
});
