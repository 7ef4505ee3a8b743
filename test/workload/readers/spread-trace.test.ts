import { expect, test } from "vitest";
import { describeTrace } from "../../../src/analysis/describe-trace.ts";
import { traceText } from "../../../src/analysis/trace-text.ts";
import { readTrace } from "../../../src/traces/read-trace.ts";

const VIDUR =
  "arrived_at,num_prefill_tokens,num_decode_tokens\n0,100,20\n0,110,20\n1,120,20\n2,9,9\n";
const BURST =
  "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n" +
  "5,a,3,m,10,5,15,API log\n5,a,0,m,0,0,0,API log\n6,a,2,m,10,5,15,API log\n" +
  "6,b,4,m,10,5,15,API log\n9,b,1,m,10,5,15,API log\n";

test("every format has the option spread, and what is measured moves with an arrival", async () => {
  const { workload, measured, unserved, report } = await readTrace(BURST, { spread: "even" });
  // The failed request is one of two at second 5.
  expect([...workload.requests.arrival]).toEqual([0, 1, 1.5, 4]);
  expect([...unserved!.requests.arrival]).toEqual([0.5]);
  expect([...measured!.finish!]).toEqual([3, 3, 5.5, 5]);
  expect(report.assumptions.at(-1)).toBe(
    "times are in whole seconds: requests of the same time are spread evenly over it, and what was " +
      "measured moves along",
  );
  expect(workload.provenance.steps!.at(-1)).toBe(report.assumptions.at(-1));
});

test("a seed is of the arrivals and of the spread; without spread it is an option as before", async () => {
  const arrivals = async (
    options: Record<string, unknown>,
  ) => [...(await readTrace(VIDUR, options)).workload.requests.arrival];
  const drawn = await arrivals({ spread: "uniform", seed: 4 });
  expect(drawn).toEqual(await arrivals({ spread: "uniform", seed: 4 }));
  expect(drawn).not.toEqual(await arrivals({ spread: "uniform", seed: 5 }));
  expect(drawn.map(Math.floor)).toEqual([0, 0, 1, 2]);
  expect(await arrivals({})).toEqual([0, 0, 1, 2]);
  expect(await arrivals({ spread: "none" })).toEqual([0, 0, 1, 2]);
  await expect(readTrace(BURST, { seed: 4 })).rejects.toThrow("field seed");
  await expect(readTrace(VIDUR, { spread: "odd" }))
    .rejects.toThrow("options of format vidur, field spread");
});

test("a trace with finer times says that nothing was spread", async () => {
  const fine = VIDUR.replace("\n1,", "\n1.25,");
  const { report } = await readTrace(fine, { spread: "even" });
  expect(report.assumptions.at(-1))
    .toBe("spread even moves nothing: times are finer than a second");
});

test("describe says what whole seconds make of a Poisson process", async () => {
  const description = describeTrace(await readTrace(VIDUR));
  // Three gaps in two seconds.
  expect(description.coarse_times!.grain_s).toBe(1);
  expect(description.coarse_times!.poisson.gap_cv).toBeCloseTo(1.167, 3);
  expect(traceText(description)).toContain(
    "logged in whole seconds: a Poisson process of 1.5 a second would seem to have CV 1.167",
  );
  expect(traceText(description)).toContain("--option spread=uniform");
  const fine = describeTrace(await readTrace(VIDUR.replace("\n1,", "\n1.25,")));
  expect(fine.coarse_times).toBeUndefined();
});
