import { expect, test } from "vitest";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import { listedNames } from "../../../../src/workload/readers/map/listed-names.ts";

test("names are listed up to a number, long ones cut", () => {
  expect(listedNames(["a", "b"], 2)).toBe("a, b");
  expect(listedNames(["a", "b", "c"], 2)).toBe("a, b, …");
  expect(listedNames(["x".repeat(61)], 2)).toBe(`${"x".repeat(60)}…`);
});

test("a refusal of a file whose columns have names of megabytes stays short", async () => {
  const text = `${"n".repeat(2e6)},${"m".repeat(2e6)}\n1,2\n`;
  for (const map of ["arrival=a,prompt=b,output=c", "guess", undefined]) {
    const refusal = await readTrace(text, { map }).catch((error) => error);
    expect(refusal.name).toBe("InputError");
    expect(refusal.message.length).toBeLessThan(5000);
  }
});
