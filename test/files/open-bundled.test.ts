import { expect, test } from "vitest";
import { openBundled } from "../../src/files/open-bundled.ts";

test("a bundled trace is found from anywhere, and its report names it below the repository", async () => {
  const { workload, report } = await openBundled("burstgpt/BurstGPT_1_first999.csv");
  expect(workload.requests.size).toBe(888);
  expect(report.source).toBe("data/burstgpt/BurstGPT_1_first999.csv");
  await expect(openBundled("burstgpt/none.csv")).rejects.toThrow(
    /burstgpt\/none\.csv.*no such file/,
  );
});
