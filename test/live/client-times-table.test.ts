import { expect, test } from "vitest";
import { clientTimesTable } from "../../src/live/client-times-table.ts";

test("the client's times are in milliseconds", () => {
  const client = { late: Float64Array.of(0.001, 0.002, 0.003), overhead: Float64Array.of(0.01) };
  const row = clientTimesTable([{ name: "a", client }]).object() as Record<string, string | number>;
  expect(row.run).toBe("a");
  expect(row["late P50"]).toBeCloseTo(2, 9);
  // Linear between the second and the third: 98 % of the way.
  expect(row["late P99"]).toBeCloseTo(2.98, 9);
  expect(row["front end and client P50"]).toBeCloseTo(10, 9);
});
