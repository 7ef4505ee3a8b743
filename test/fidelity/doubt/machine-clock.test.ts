import fc from "fast-check";
import { expect, test } from "vitest";
import { drawClock, MachineClock } from "../../../src/fidelity/doubt/machine-clock.ts";
import { substream } from "../../../src/random/substream.ts";
import { serve } from "../../../src/servers/continuous/serve.ts";
import { serverOf } from "../../../src/servers/server.ts";

const random = (seed: number) => ({
  drift: substream(seed, "drift"),
  scatter: substream(seed, "scatter"),
  stalls: substream(seed, "stalls"),
});
const EVEN = { sd: 0, seconds: 5, kept: 0 };
const NO_SCATTER = { sd: 0, seconds: 0 };
const NO_STALLS = { share: 0, seconds: 0 };

test("a server on a machine of half the speed takes twice as long for every step, exactly", () => {
  const { cost, config } = serverOf();
  const requests = {
    arrival: Float64Array.of(0, 0.1, 0.4, 3),
    promptTokens: Int32Array.of(100, 900, 30, 500),
    outputTokens: Int32Array.of(40, 3, 200, 20),
  };
  const halved = {
    ...cost,
    base: cost.base.map((each) => 2 * each),
    perContextToken: cost.perContextToken.map((each) => 2 * each),
    perPrefillToken: 2 * cost.perPrefillToken,
    perRequest: 2 * cost.perRequest,
  };
  const direct = serve(requests, config, { cost: halved });
  const clock = drawClock(
    { slowness: 2, drift: EVEN, scatter: NO_SCATTER, stalls: NO_STALLS },
    10,
    random(1),
  );
  const arrival = requests.arrival.map((at) => clock.workAt(at));
  const { firstToken, finish } = serve({ ...requests, arrival }, config, { cost });
  for (const [row, at] of finish.entries()) {
    expect(clock.instantOf(at)).toBeCloseTo(direct.finish[row], 9);
    expect(clock.instantOf(firstToken[row])).toBeCloseTo(direct.firstToken[row], 9);
  }
});

test("during a stall no work is done, and what ends in it ends with it", () => {
  const clock = new MachineClock(Float64Array.of(0, 2, 5, 6), Float64Array.of(0, 2, 2, 3));
  expect([1, 2, 3.5, 5, 5.5].map((at) => clock.workAt(at))).toEqual([1, 2, 2, 2, 2.5]);
  expect([1, 2, 2.5, 4].map((work) => clock.instantOf(work))).toEqual([1, 5, 5.5, 7]);
  expect(clock.instantOf(NaN)).toBeNaN();
});

test("work and instants belong together, whatever the pace", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      fc.double({ min: 0, max: 0.3, noNaN: true }),
      fc.double({ min: 0, max: 0.3, noNaN: true }),
      fc.double({ min: 0, max: 80, noNaN: true }),
      (seed, slowness, sd, share, work) => {
        const pace = {
          slowness,
          drift: { sd, seconds: 3, kept: 0.5 },
          scatter: { sd, seconds: 0.1 },
          stalls: { share, seconds: 0.2 },
        };
        const clock = drawClock(pace, 50, random(seed));
        expect(clock.workAt(clock.instantOf(work))).toBeCloseTo(work, 9);
      },
    ),
    { numRuns: 50 },
  );
});

test("in the long run a drawn machine has its slowness, stalls included", () => {
  const pace = {
    slowness: 1.1,
    drift: { sd: 0.1, seconds: 2, kept: 0.3 },
    scatter: { sd: 0.1, seconds: 0.05 },
    stalls: { share: 0.05, seconds: 0.1 },
  };
  const clock = drawClock(pace, 20_000, random(3));
  expect(clock.instantOf(20_000) / 20_000).toBeCloseTo(1.1, 2);
});

test("stretches stray as much, and keep as much of it, as they are told", () => {
  const clock = drawClock(
    {
      slowness: 1,
      drift: { sd: 0.1, seconds: 2, kept: 0.6 },
      scatter: NO_SCATTER,
      stalls: NO_STALLS,
    },
    20_000,
    random(4),
  );
  const paces = Float64Array.from(
    { length: 9_000 },
    (_, i) => (clock.instantOf(2 * (i + 1)) - clock.instantOf(2 * i)) / 2 - 1,
  );
  const square = paces.reduce((sum, each) => sum + each * each, 0);
  const product = paces.reduce((sum, each, i) => i === 0 ? 0 : sum + each * paces[i - 1], 0);
  expect(Math.sqrt(square / paces.length)).toBeCloseTo(0.1, 2);
  expect(product / square).toBeCloseTo(0.6, 1);
});

test("steps scatter each for itself: over four times as many, half as much", () => {
  const clock = drawClock(
    { slowness: 1, drift: EVEN, scatter: { sd: 0.1, seconds: 0.05 }, stalls: NO_STALLS },
    1_000,
    random(6),
  );
  const sd = (seconds: number) => {
    const paces = Float64Array.from(
      { length: Math.floor(990 / seconds) },
      (_, i) => (clock.instantOf(seconds * (i + 1)) - clock.instantOf(seconds * i)) / seconds - 1,
    );
    return Math.sqrt(paces.reduce((sum, each) => sum + each * each, 0) / paces.length);
  };
  expect(sd(0.05)).toBeCloseTo(0.1, 2);
  expect(sd(0.2)).toBeCloseTo(0.05, 2);
});
