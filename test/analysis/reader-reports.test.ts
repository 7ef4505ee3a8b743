import { expect, test } from "vitest";
import { readerReports } from "../../src/analysis/reader-reports.ts";
import { openBundled } from "../../src/files/open-bundled.ts";

test("what a reader did, one row a trace; reasons are joined", async () => {
  const { report } = await openBundled("burstgpt/BurstGPT_1_first999.csv");
  const setAside = [{ reason: "late", rows: 2 }, { reason: "double", rows: 1 }];
  const [row, other] = readerReports([
    { trace: "BurstGPT", report },
    { trace: "other", report: { ...report, setAside, assumptions: ["x", "y"] } },
  ]).objects() as Record<string, string | number>[];
  expect(row).toMatchObject({ trace: "BurstGPT", rows: 999, refused: 0 });
  expect(row.kept).toBe(report.rowsKept);
  expect(row.format).toBe(report.format);
  expect(other["set aside"]).toBe("2: late; 1: double");
  expect(other.assumed).toBe("x; y");
});
