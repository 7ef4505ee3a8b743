import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { loadArenaTrace } from "../../../src/files/load-arena.ts";
import { simulate } from "../../../src/paper/simulate.ts";
import { substream } from "../../../src/random/substream.ts";
import { resampleBlocks } from "../../../src/workload/transforms/resample-blocks.ts";
import { takeRows } from "../../../src/workload/transforms/take-rows.ts";
import { phaseEnd, type Workload } from "../../../src/workload/workload.ts";
import { dispersion, mean, quantile, variance } from "../readers/support/statistics.ts";
import { smallWorkload } from "./support/small-workload.ts";

let trace: Workload;
beforeAll(async () => {
  trace = (await loadArenaTrace()).workload;
});

/** The trace with its row number as prompt length, so that copies can be traced back. */
function numbered(workload: Workload): Workload {
  const promptTokens = Int32Array.from(workload.requests.promptTokens.keys());
  return { ...workload, requests: { ...workload.requests, promptTokens } };
}

test("a seed names one resampled trace", () => {
  expect(resampleBlocks(trace, { seed: 3 })).toEqual(resampleBlocks(trace, { seed: 3 }));
  const other = resampleBlocks(trace, { seed: 4 });
  expect(other.requests.arrival).not.toEqual(resampleBlocks(trace, { seed: 3 }).requests.arrival);
});

test("the input is left alone and the step is in the provenance", () => {
  const before = smallWorkload();
  const after = resampleBlocks(before, { seed: 1, blockSeconds: 2 });
  expect(before.requests).toEqual({
    ...smallWorkload().requests,
    promptText: before.requests.promptText,
  });
  expect(after.provenance.steps).toEqual(["made", "blocks of 2 s resampled in time, seed 1"]);
});

test("within a block the real gaps, clients and lengths stand, in the real order", () => {
  const { requests, truth } = resampleBlocks(numbered(trace), { seed: 5 });
  let kept = 0;
  for (let i = 0; i < requests.size; i++) {
    const row = requests.promptTokens[i];
    expect(requests.tenant.codes[i]).toBe(trace.requests.tenant.codes[row]);
    expect(truth.outputTokens[i]).toBe(trace.truth.outputTokens[row]);
    if (
      i === 0 || Math.floor(requests.arrival[i] / 60) !== Math.floor(requests.arrival[i - 1] / 60)
    ) {
      continue;
    }
    const before = requests.promptTokens[i - 1];
    expect(row).toBe((before + 1) % 1500);
    if (row === 0) continue;
    const gap = trace.requests.arrival[row] - trace.requests.arrival[before];
    expect(requests.arrival[i] - requests.arrival[i - 1]).toBeCloseTo(gap, 9);
    kept++;
  }
  // Ten or eleven blocks: all neighbours but those at their borders are neighbours of the trace.
  expect(requests.size - kept).toBeLessThan(15);
});

test("every request is drawn once on average, those at the ends too", () => {
  const draws = 2000;
  const workload = numbered(trace);
  const times = new Float64Array(1500);
  const sizes: number[] = [];
  for (let seed = 0; seed < draws; seed++) {
    const { promptTokens, size } = resampleBlocks(workload, { seed }).requests;
    for (const row of promptTokens) times[row]++;
    sizes.push(size);
  }
  // A request is in each of ten blocks with probability 1/10: variance 0.9 a draw. The 1,500 counts
  // move together in blocks, so that a handful of independent ones are compared with 5 sd.
  const sd = Math.sqrt(0.9 / draws);
  for (const row of [0, 1, 10, 100, 750, 1400, 1490, 1498, 1499]) {
    expect(Math.abs(times[row] / draws - 1), `row ${row}`).toBeLessThan(5 * sd);
  }
  expect(Math.abs(mean(sizes) - 1500)).toBeLessThan(5 * Math.sqrt(variance(sizes) / draws));
  // It is a resampling: the number of requests varies as counts of a bursty process do.
  expect(Math.sqrt(variance(sizes))).toBeGreaterThan(Math.sqrt(1500) * 0.8);
});

test("burstiness within blocks and the mix of clients survive", () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => resampleBlocks(trace, { seed }));
  const average = (statistic: (workload: Workload) => number) => mean(seeds.map(statistic));
  const at = (seconds: number) => (workload: Workload) =>
    dispersion(workload.requests.arrival, seconds);
  expect(average(at(1))).toBeCloseTo(at(1)(trace), 1);
  expect(Math.abs(average(at(10)) - at(10)(trace))).toBeLessThan(0.3);
  const share = ({ requests: { tenant, size } }: Workload) => {
    const largest = tenant.names.indexOf("dummy-lora-7b-rank-8-7");
    return tenant.codes.filter((code) => code === largest).length / size;
  };
  expect(Math.abs(average(share) - share(trace))).toBeLessThan(0.01);
  // Blocks as short as gaps leave a Poisson-like trace: the test above can fail.
  const shuffled = Array.from(
    { length: 10 },
    (_, seed) => resampleBlocks(trace, { seed, blockSeconds: 0.2 }),
  );
  expect(mean(shuffled.map(at(10)))).toBeLessThan(1.7);
});

test("phases are resampled apart and keep their names and pauses", () => {
  for (let seed = 0; seed < 200; seed++) {
    const { requests } = resampleBlocks(numbered(smallWorkload()), { seed, blockSeconds: 1 });
    expect(requests.phases.map(({ name, afterDrainSeconds }) => [name, afterDrainSeconds]))
      .toEqual([["first", 0], ["second", 15]]);
    requests.phases.forEach((phase, index) => {
      const end = phaseEnd(requests, index);
      expect(end).toBeGreaterThan(phase.first);
      for (let i = phase.first; i < end; i++) {
        expect(requests.promptTokens[i] >= 4).toBe(index === 1);
      }
    });
  }
});

test("any trace gives arrivals in order, within its span", () => {
  const gap = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e4, noNaN: true }));
  const options = fc.record({ seed: fc.integer(), share: fc.double({ min: 0.001, max: 0.999 }) });
  fc.assert(fc.property(
    fc.array(gap, { minLength: 1, maxLength: 40 }),
    options,
    (gaps, { seed, share }) => {
      let now = 0;
      const arrival = Float64Array.from([0, ...gaps, 1], (step) => now += step);
      const n = arrival.length;
      const span = (arrival[n - 1] - arrival[0]) * n / (n - 1);
      fc.pre(Number.isFinite(share) && span * share > 0);
      const result = resampleBlocks({
        ...trace,
        requests: {
          ...trace.requests,
          size: n,
          arrival,
          phases: [{ name: "all", first: 0, afterDrainSeconds: 0 }],
        },
      }, { seed, blockSeconds: span * share });
      const times = result.requests.arrival;
      expect(times.length).toBeGreaterThan(0);
      expect(times.every((time, i) => time >= (i === 0 ? 0 : times[i - 1]))).toBe(true);
      expect(times[times.length - 1]).toBeLessThanOrEqual(arrival[0] + span * (1 + 1e-12));
    },
  ));
});

/** Requests of 600 s from a Poisson process that changes its rate about every 15 s. */
function burstyTrace(seed: number): Workload {
  const random = substream(seed, "bursty trace");
  const exponential = (average: number) => -average * Math.log(1 - random.next());
  const arrival: number[] = [];
  let now = 0;
  for (let busy = false; now < 600; busy = !busy) {
    const change = Math.min(600, now + exponential(15));
    const gap = busy ? 1 / 4.5 : 1 / 1.5;
    for (now += exponential(gap); now < change; now += exponential(gap)) arrival.push(now);
    now = change;
  }
  const size = arrival.length;
  const rows = new Int32Array(size);
  const phases = [{ name: "all", first: 0, afterDrainSeconds: 0 }] as const;
  return takeRows(trace, { rows, arrival: Float64Array.from(arrival), phases }, trace.provenance);
}

test("an interval covers the truth nearly as often as it says, as documented", () => {
  let covered = 0;
  for (let seed = 0; seed < 120; seed++) {
    const bursty = burstyTrace(seed);
    const sizes = Array.from(
      { length: 80 },
      (_, draw) => resampleBlocks(bursty, { seed: draw }).requests.size,
    );
    // Half the time 1.5, half the time 4.5 a second; it starts in the slow state, which costs
    // (4.5 - 1.5) / 2 times half a mean sojourn of 15 s: 1800 - 11 requests.
    if (quantile(sizes, 0.025) <= 1789 && 1789 <= quantile(sizes, 0.975)) covered++;
  }
  expect(covered / 120).toBeGreaterThan(0.8);
  expect(covered / 120).toBeLessThan(0.96);
});

test("a block that is no part of the trace is refused by name", () => {
  for (const blockSeconds of [601, 0, -5, NaN, 1e-5]) {
    expect(() => resampleBlocks(trace, { seed: 1, blockSeconds })).toThrow(
      `resampleBlocks options, field blockSeconds: got ${blockSeconds}, expected`,
    );
  }
  expect(() => resampleBlocks(trace, {} as { seed: number })).toThrow("field seed");
});

test("a resampled trace runs like any other", () => {
  const run = simulate(resampleBlocks(trace, { seed: 2 }), {
    scheduler: { policy: "sjf", estimator: { options: { counting: "tokenizer" } } },
  });
  expect(run.finish.every((time, i) => time > run.arrival[i])).toBe(true);
});
