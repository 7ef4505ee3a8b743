import { expect, test } from "vitest";
import { readTrace, readWhole } from "../../../../src/workload/readers/read-trace.ts";
import { vidur } from "../../../../src/workload/readers/formats/vidur.ts";

const PROCESSED = "num_prefill_tokens,num_decode_tokens,num_total_tokens,pd_ratio";

test("processed traces have lengths; arrivals are assigned and the report says how", async () => {
  const text = `${PROCESSED}\n374,44,418,8.5\n396,109,505,3.633027522935780e0\n`;
  const all = await readTrace(text);
  expect(all.report.format).toBe("vidur");
  expect([...all.workload.requests.arrival]).toEqual([0, 0]);
  expect([...all.workload.requests.promptTokens]).toEqual([374, 396]);
  expect([...all.workload.truth.outputTokens]).toEqual([44, 109]);
  expect(all.report.assumptions[0]).toContain("the option rate gives Poisson arrivals");
});

test("assigned arrivals are Poisson of the rate and the seed", () => {
  const text = `${PROCESSED}\n${"10,5,15,2.0\n".repeat(4000)}`;
  const arrivals = (seed: number) =>
    readWhole(vidur, text, "v.csv", { rate: 4, seed }).workload.requests.arrival;
  expect(4000 / arrivals(1)[3999]).toBeCloseTo(4, 0);
  expect(arrivals(1)).toEqual(arrivals(1));
  expect(arrivals(2)).not.toEqual(arrivals(1));
  expect(() => readWhole(vidur, text, "v.csv", { rate: -1 })).toThrow("field rate: got -1");
});

test("arrivals that are there are kept, and a wrong total is refused", () => {
  const header = `arrived_at,${PROCESSED}\n`;
  const { workload } = readWhole(vidur, `${header}0.5,3,4,7,0.75\n1.25,3,4,7,0.75\n`, "v.csv");
  expect([...workload.requests.arrival]).toEqual([0.5, 1.25]);
  expect(() => readWhole(vidur, `${header}0,3,4,8,0.75\n`, "v.csv"))
    .toThrow("field num_total_tokens: got 8, expected the sum of prefill and decode tokens, 7");
});
