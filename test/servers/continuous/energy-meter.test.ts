import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { ServerConfig } from "../../../src/servers/continuous/config.ts";
import { EnergyMeter } from "../../../src/servers/continuous/energy-meter.ts";
import { ContinuousEngine } from "../../../src/servers/continuous/engine.ts";
import { PlannedStep } from "../../../src/servers/continuous/planned-step.ts";
import { serve } from "../../../src/servers/continuous/serve.ts";
import { Stretch } from "../../../src/servers/continuous/stretch.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const cost = (base: number, perToken: number) => ({
  name: "test",
  source: "test",
  base: new Float64Array(9).fill(base),
  perContextToken: new Float64Array(9).fill(perToken),
  perPrefillToken: 0.5,
  perRequest: 0,
});
const power = (base: number, perToken: number) => ({
  idleWatts: 10,
  base: new Float64Array(9).fill(base),
  perContextToken: new Float64Array(9).fill(perToken),
  perPrefillToken: 3,
});

test("many steps at once draw what they draw one by one: watts × seconds of each", () => {
  fc.assert(fc.property(
    share,
    share,
    share,
    share,
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 8, max: 9999 }),
    fc.integer({ min: 1, max: 2000 }),
    (base, perToken, watts, wattsPerToken, decoding, context, repeats) => {
      const step = new PlannedStep(8);
      Object.assign(step, { sequences: decoding, decoding, context });
      const stretch = new Stretch(cost(base, perToken), 8);
      stretch.price(step);
      const meter = new EnergyMeter(power(watts, wattsPerToken), 8);
      meter.run(step, stretch, repeats);
      let joules = 0;
      for (let i = 0; i < repeats; i++) {
        const held = context + i * decoding;
        joules += (base + perToken * held) * (watts + wattsPerToken * held);
      }
      expect(Math.abs(meter.joules - joules)).toBeLessThanOrEqual(1e-11 * joules + 1e-300);
    },
  ));
});

test("prefill draws by token, idle time by the second", () => {
  const step = new PlannedStep(8);
  Object.assign(step, { sequences: 2, decoding: 1, context: 4, prefilling: 1, prefillTokens: 6 });
  const stretch = new Stretch(cost(2, 0.25), 8);
  stretch.price(step);
  const meter = new EnergyMeter(power(100, 5), 8);
  meter.run(step, stretch, 1);
  // 2 + 0.25 × 4 + 0.5 × 6 seconds at 100 + 5 × 4 + 3 × 6 watts.
  expect(meter.joules).toBe(6 * 138);
  meter.idle(10, 12.5);
  meter.idle(3, 2);
  expect(meter.joules).toBe(6 * 138 + 25);
  expect(meter.joulesWithIdle(12.5, 13.5)).toBe(meter.joules + 10);
});

describe("joules of a run", () => {
  const config = ServerConfig.parse({
    max_model_len: 100,
    num_gpu_blocks: 100,
    max_num_seqs: 8,
    async_scheduling: false,
  });
  const workload = {
    arrival: Float64Array.of(1, 20),
    promptTokens: Int32Array.of(4, 4),
    outputTokens: Int32Array.of(3, 1),
  };
  const unit = { ...cost(1, 0), perPrefillToken: 0 };
  const draws = { ...power(100, 0), perPrefillToken: 0 };

  test("are those of its steps and of the time between them", () => {
    // A step a second: 1–4 and 20–21; idle before, and between.
    const { joules } = serve(workload, config, { cost: unit, power: draws });
    expect(joules).toBeCloseTo(4 * 100 + (1 + 16) * 10, 9);
    expect(serve(workload, config, { cost: unit }).joules).toBeNaN();
  });

  test("go on while the server idles", () => {
    const engine = new ContinuousEngine(config, workload, { cost: unit, power: draws });
    engine.submitAll(workload.arrival);
    while (engine.unfinished > 0) engine.advance(Infinity);
    expect(engine.joulesUntil(21)).toBe(engine.joules);
    expect(engine.joulesUntil(31)).toBeCloseTo(engine.joules + 100, 9);
  });

  test("need watts for as many sequences as there are seats", () => {
    const small = { ...draws, base: new Float64Array(8) };
    const run = () => serve(workload, config, { cost: unit, power: small });
    expect(run).toThrow(InputError);
    expect(run).toThrow(/step power, field base: got "7 sequences"/);
  });
});
