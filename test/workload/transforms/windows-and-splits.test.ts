import { beforeAll, describe, expect, test } from "vitest";
import { loadArenaTrace } from "../../../src/files/load-arena.ts";
import { arrivalRate, indexOfDispersion } from "../../../src/workload/statistics/arrivals.ts";
import { mean } from "../../../src/statistics/quantile.ts";
import { generateWorkload } from "../../../src/workload/generators/generate-workload.ts";
import { repeatWorkload } from "../../../src/workload/transforms/repeat-workload.ts";
import { splitByTime } from "../../../src/workload/transforms/split-by-time.ts";
import { thin } from "../../../src/workload/transforms/thin.ts";
import { timeWindow } from "../../../src/workload/transforms/time-window.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { everything, rowsOf } from "./support/everything.ts";
import { smallWorkload } from "./support/small-workload.ts";

let trace: Workload;
beforeAll(async () => {
  trace = (await loadArenaTrace()).workload;
});

describe("timeWindow", () => {
  test("keeps [from, to), all columns of a row together, and starts at 0", () => {
    const all = rowsOf(everything());
    const cut = timeWindow(everything(), { from: 2, to: 5 });
    expect(rowsOf(cut)).toEqual(
      all.slice(2, 5).map((row) => ({ ...row, arrival: row.arrival - 2 })),
    );
    expect(rowsOf(timeWindow(everything(), { from: 2, to: 5, rebase: false })))
      .toEqual(all.slice(2, 5));
    expect(cut.provenance.steps!.at(-1))
      .toBe("window from 2 s to 5 s, which starts at time 0: 3 of 7 requests");
  });

  test("takes one phase, which has to be named", () => {
    const second = timeWindow(smallWorkload(), { from: 1, phase: "second" });
    expect([...second.requests.arrival]).toEqual([0, 2]);
    expect([...second.truth.outputTokens]).toEqual([6, 7]);
    expect(second.requests.phases).toEqual([{ name: "second", first: 0, afterDrainSeconds: 0 }]);
    expect(() => timeWindow(smallWorkload(), {})).toThrow(
      "timeWindow options, field phase: got undefined, expected the name of a phase: first, second",
    );
    expect(() => timeWindow(everything(), { phase: "x" })).toThrow('field phase: got "x"');
  });

  test("may hold nothing; one that cannot hold anything is refused", () => {
    expect(timeWindow(everything(), { from: 100 }).requests.size).toBe(0);
    expect(() => timeWindow(everything(), { from: 5, to: 5 })).toThrow("field to: got 5");
    expect(() => timeWindow(everything(), { from: -1 })).toThrow("field from: got -1");
  });
});

describe("splitByTime", () => {
  test("every request is in one of the parts, none of the test before the split", () => {
    const { train, test } = splitByTime(trace, { share: 0.7 });
    const at = trace.requests.arrival[0] +
      0.7 * (trace.requests.arrival.at(-1)! - trace.requests.arrival[0]);
    expect(train.requests.arrival.at(-1)).toBeLessThan(at);
    expect(train.requests.size + test.requests.size).toBe(1500);
    expect([...train.truth.outputTokens, ...test.truth.outputTokens])
      .toEqual([...trace.truth.outputTokens]);
    const kept = splitByTime(trace, { share: 0.7, rebase: false }).test.requests.arrival;
    expect(kept[0]).toBeGreaterThanOrEqual(at);
    expect(test.requests.arrival[0]).toBeCloseTo(kept[0] - at, 9);
  });

  test("the instant of the split belongs to the test part", () => {
    const { train, test } = splitByTime(everything(), { atSeconds: 3 });
    expect([...train.truth.outputTokens]).toEqual([1, 2, 3]);
    expect([...test.requests.arrival]).toEqual([0, 1, 2, 3]);
  });

  test("a part without requests, and an unclear split, are refused", () => {
    for (const atSeconds of [7, 0]) {
      expect(() => splitByTime(everything(), { atSeconds })).toThrow("field atSeconds: got");
    }
    expect(() => splitByTime(everything(), {})).toThrow("either atSeconds or share");
    expect(() => splitByTime(everything(), { atSeconds: 1, share: 0.5 })).toThrow("either");
    expect(() => splitByTime(everything(), { share: 1 })).toThrow("field share: got 1");
  });
});

describe("thin", () => {
  test("keeps each request with the probability, and of 0.3 only what is in 0.5", () => {
    const kept = (keep: number) => new Set(thin(trace, { keep }).requests.arrival);
    const [some, more] = [kept(0.3), kept(0.5)];
    expect(Math.abs(some.size - 450)).toBeLessThan(4 * Math.sqrt(1500 * 0.21));
    for (const time of some) expect(more.has(time)).toBe(true);
    expect(thin(trace, { keep: 1 }).requests.arrival).toEqual(trace.requests.arrival);
    expect(thin(trace, { keep: 0 }).requests.size).toBe(0);
  });

  test("takes dispersion away as its theory says", () => {
    const bursty = generateWorkload({
      seconds: 20_000,
      streams: [{
        arrivals: { process: "on-off", onRate: 20, onSeconds: 5, offSeconds: 15 },
        classes: [{
          prompt: { model: "constant", tokens: 1 },
          output: { model: "constant", tokens: 1 },
        }],
      }],
    });
    const before = indexOfDispersion(bursty.requests, 10);
    const after = indexOfDispersion(thin(bursty, { keep: 0.25 }).requests, 10);
    expect(Math.abs(after / (1 + 0.25 * (before - 1)) - 1)).toBeLessThan(0.05);
  });

  test("by tenant and by session: as a whole, another seed others", () => {
    const kept = (seed: number) => {
      const { requests } = thin(trace, { keep: 0.5, by: "tenant", seed });
      const rows = requests.tenant.codes.filter((code, i, all) => all.indexOf(code) === i);
      return { names: rows.length, size: requests.size, requests };
    };
    const { requests } = kept(1);
    for (const code of new Set(requests.tenant.codes)) {
      expect(requests.tenant.codes.filter((other) => other === code).length)
        .toBe(trace.requests.tenant.codes.filter((other) => other === code).length);
    }
    const names = Array.from({ length: 200 }, (_, seed) => kept(seed).names);
    expect(Math.abs(mean(names) - 13.5)).toBeLessThan(4 * Math.sqrt(27 / 4 / 200));

    const sessions = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const rows = rowsOf(thin(everything(), { keep: 0.5, by: "session", seed }));
      const count = (name: string) => rows.filter((row) => row.session === name).length;
      expect([0, 2]).toContain(count("s"));
      expect([0, 3]).toContain(count("t"));
      sessions.add(rows.map((row) => row.arrival).join());
    }
    // Two sessions and two requests of none: 16 ways, of which 40 seeds show most.
    expect(sessions.size).toBeGreaterThan(9);
  });

  test("a phase of which nothing is left is left out, and the step says so", () => {
    // Tenants a and b of the first phase alone would leave c and d of the second; drop tenant by tenant.
    const seen = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const { requests, provenance } = thin(smallWorkload(), { keep: 0.2, by: "request", seed });
      seen.add(requests.phases.length);
      if (requests.size > 0 && requests.phases.length === 1) {
        const gone = requests.phases[0].name === "first" ? "second" : "first";
        expect(provenance.steps!.at(-1)).toContain(`; nothing left of phase ${gone}`);
        expect(requests.phases[0].first).toBe(0);
      }
    }
    expect(seen).toEqual(new Set([1, 2]));
  });

  test("a probability outside [0, 1], and sessions where there are none, are refused", () => {
    expect(() => thin(trace, { keep: 1.5 })).toThrow("thin options, field keep: got 1.5");
    expect(() => thin(trace, { keep: 0.5, by: "session" })).toThrow(
      'field by: got "session", expected request or tenant: the workload has no sessions',
    );
  });
});

describe("repeatWorkload", () => {
  test("copies follow one another at the same rate", () => {
    const { requests, truth } = repeatWorkload(trace, { times: 4 });
    expect(requests.size).toBe(6000);
    expect(requests.phases.length).toBe(1);
    expect(arrivalRate(requests)).toBeCloseTo(arrivalRate(trace.requests), 9);
    expect(truth.outputTokens.slice(4500)).toEqual(trace.truth.outputTokens);
    const shift = requests.arrival[4500] - trace.requests.arrival[0];
    expect(requests.arrival[5999]).toBeCloseTo(trace.requests.arrival[1499] + shift, 8);
  });

  test("jitter moves every copy but the first, within its bound, rows with it", () => {
    const jitterSeconds = 3;
    const plain = repeatWorkload(trace, { times: 2 });
    const moved = repeatWorkload(trace, { times: 2, jitterSeconds, seed: 9 });
    const numbered = (workload: Workload) => ({
      ...workload,
      requests: {
        ...workload.requests,
        promptTokens: Int32Array.from({ length: 1500 }, (_, i) => i),
      },
    });
    const { requests } = repeatWorkload(numbered(trace), { times: 2, jitterSeconds, seed: 9 });
    expect(requests.arrival).toEqual(moved.requests.arrival);
    const copies = new Int32Array(1500);
    let changed = 0;
    requests.arrival.forEach((time, i) => {
      const row = requests.promptTokens[i];
      const candidates = [plain.requests.arrival[row], plain.requests.arrival[1500 + row]];
      expect(Math.min(...candidates.map((each) => Math.abs(each - time)))).toBeLessThanOrEqual(3);
      if (!candidates.includes(time)) changed++;
      copies[row]++;
    });
    expect(copies.every((count) => count === 2)).toBe(true);
    expect(changed).toBe(1500);
  });

  test("several phases repeat one after the other, each on its clock", () => {
    const { requests } = repeatWorkload(smallWorkload(), { times: 2 });
    expect(requests.phases).toEqual([
      { name: "first", first: 0, afterDrainSeconds: 0 },
      { name: "second", first: 4, afterDrainSeconds: 15 },
      { name: "first (2)", first: 7, afterDrainSeconds: 0 },
      { name: "second (2)", first: 11, afterDrainSeconds: 15 },
    ]);
    expect([...requests.arrival.slice(7)]).toEqual([...smallWorkload().requests.arrival]);
  });

  test("copies that would lie on one another are refused, and too many", () => {
    const one = timeWindow(everything(), { from: 6 });
    expect(repeatWorkload(one, { times: 1 }).requests.size).toBe(1);
    expect(() => repeatWorkload(one, { times: 2 })).toThrow("field times: got 2, expected 1");
    expect(() => repeatWorkload(trace, { times: 100_000 })).toThrow("expected at most 66666");
    expect(() => repeatWorkload(trace, { times: 0 })).toThrow("field times: got 0");
  });
});
