import { expect, test } from "vitest";
import { liveClock } from "../../src/live/live-clock.ts";

const never = new AbortController().signal;

test("goes on from where a run stopped, at its speed, whatever the system's clock does", async () => {
  const wall = Date.now;
  const clock = liveClock({ from: 100, speed: 50 });
  try {
    Date.now = () => 0;
    const before = performance.now();
    await clock.waitUntil(105, never);
    const real = (performance.now() - before) / 1000;
    expect(clock.now()).toBeGreaterThanOrEqual(105);
    expect(real).toBeGreaterThan(0.09);
    expect(real).toBeLessThan(0.1 + 2);
  } finally {
    Date.now = wall;
  }
});

test("a wait ends when it is no longer wanted, and at once for an instant that has passed", async () => {
  const clock = liveClock();
  const stop = new AbortController();
  const waiting = clock.waitUntil(Infinity, stop.signal);
  stop.abort();
  await waiting;
  await clock.waitUntil(-1, never);
  await clock.waitUntil(1e9, stop.signal);
});
