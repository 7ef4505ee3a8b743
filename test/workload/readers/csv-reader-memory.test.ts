import { expect, test } from "vitest";
import { burstGptFile } from "../../../src/bench/burstgpt-file.ts";
import { BurstGptReader } from "../../../src/workload/readers/formats/burstgpt.ts";
import { ReadLog } from "../../../src/workload/readers/read-log.ts";

// A file of its own: what other tests leave behind could be freed while the memory is measured.
test("memory is at most twice the columns, whatever the garbage collector does", () => {
  const chunks = [...burstGptFile(200_000)];
  const log = new ReadLog("generated", "burstgpt");
  const before = Deno.memoryUsage().external;
  const reader = new BurstGptReader({ log, lenient: false });
  for (const chunk of chunks) reader.push(chunk);
  const { workload: { requests, truth }, measured, unserved } = reader.end();
  const after = Deno.memoryUsage().external;
  const sizes = (value: unknown): number =>
    ArrayBuffer.isView(value)
      ? value.byteLength
      : typeof value === "object" && value !== null
      ? Object.values(value).reduce((sum: number, each) => sum + sizes(each), 0)
      : 0;
  const columns = sizes([requests, truth, measured, unserved]);
  expect(columns).toBeGreaterThan(200_000 * 30);
  expect(after - before).toBeGreaterThan(columns / 2);
  expect(after - before).toBeLessThan(2 * columns + 2 ** 21);
  // Alive until here: freed in between, the input would hide what the columns take.
  expect(chunks.length).toBeGreaterThan(1);
});
