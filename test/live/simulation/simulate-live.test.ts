import { expect, test } from "vitest";
import { simulateLive } from "./simulate-live.ts";

const RUNS = 300;

test(`${RUNS} runs under faults of network, disk, clocks and servers break no law`, async () => {
  const broken: string[] = [];
  const ends = [0, 0, 0, 0];
  let processes = 0, refused = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const result = await simulateLive(seed);
    if (result.broken !== null) broken.push(`seed ${seed}: ${result.broken}`);
    result.counts.forEach((count, status) => ends[status] += count);
    processes += result.processes;
    if (result.outcome === "refused") refused++;
  }
  expect(broken).toEqual([]);
  // Something did happen: requests ended in every way, and runs went on after deaths.
  expect(Math.min(...ends), ends.join()).toBeGreaterThan(RUNS / 10);
  expect(processes).toBeGreaterThan(1.3 * RUNS);
  expect(refused).toBeLessThan(RUNS / 50);
});

test("the same seed gives the same happenings and the same journal, byte for byte", async () => {
  for (const seed of [4, 12, 68, 782]) {
    const once = await simulateLive(seed, { trace: true });
    const twice = await simulateLive(seed, { trace: true });
    expect(once.trace.length).toBeGreaterThan(50);
    expect(twice.trace.join("\n")).toBe(once.trace.join("\n"));
    expect(twice.journal).toEqual(once.journal);
  }
  const [one, other] = [await simulateLive(4), await simulateLive(5)];
  expect(other.journal).not.toEqual(one.journal);
});

test("clocks and timers are the real ones again when a simulation is over", async () => {
  const before = [Date.now, performance.now, setTimeout, setInterval, clearTimeout];
  await simulateLive(1);
  expect([Date.now, performance.now, setTimeout, setInterval, clearTimeout]).toEqual(before);
});
