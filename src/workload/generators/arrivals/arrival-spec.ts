import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { exponential } from "../../../random/exponential.ts";
import type { Random } from "../../../random/substream.ts";
import { falls, type NumberColumn, numberColumn } from "../number-column.ts";
import type { ArrivalProcess } from "./arrival-process.ts";
import { diurnal } from "./diurnal.ts";
import { GapCv, GapFamily, gapLaw, quantileGaps } from "./gap-law.ts";
import { mmpp } from "./mmpp.ts";
import { modulated } from "./modulated.ts";
import { RateCurve, type RateKnot } from "./rate-curve.ts";
import { renewal } from "./renewal.ts";
import { replayed } from "./replayed.ts";
import { vllmBench } from "./vllm-bench.ts";

const Rate = z.number().min(0).max(1e9);
const Seconds = z.number().min(0).max(1e10);
const SomeSeconds = z.number().positive().max(1e10);

/** Variation of the gaps of a process whose rate changes; 1 is Poisson. */
const variation = { cv: GapCv.default(1), family: GapFamily.default("gamma") };

const Poisson = z.strictObject({
  process: z.literal("poisson"),
  /** Requests a second. */
  rate: Rate,
});

const Constant = z.strictObject({ process: z.literal("constant"), rate: Rate });

/** Independent gaps with a coefficient of variation. */
const Gamma = z.strictObject({ process: z.literal("gamma"), rate: Rate, cv: GapCv });
const Weibull = z.strictObject({
  process: z.literal("weibull"),
  rate: Rate,
  /** The shape is solved for; above 20 a Weibull gap is too extreme to be drawn well. */
  cv: z.number().min(0).max(20),
});

/** Bursts: one rate while on, another (0 by default) while off, exponential times of each. */
const OnOff = z.strictObject({
  process: z.literal("on-off"),
  onRate: Rate,
  offRate: Rate.default(0),
  /** Mean seconds of a burst, and between bursts. */
  onSeconds: SomeSeconds,
  offSeconds: SomeSeconds,
});

/** Poisson arrivals at the rate of a hidden Markov state; see {@link mmpp}. */
const Mmpp = z.strictObject({
  process: z.literal("mmpp"),
  rates: z.array(Rate).min(1).max(64),
  sojournSeconds: z.array(SomeSeconds),
  transitions: z.array(z.array(z.number().min(0))).optional(),
}).check(({ value: { rates, sojournSeconds, transitions }, issues }) => {
  const want = (path: (string | number)[], input: unknown, message: string) =>
    issues.push({ code: "custom", path, input, message });
  if (sojournSeconds.length !== rates.length) {
    want(["sojournSeconds"], sojournSeconds, `one number a rate, ${rates.length}`);
  }
  if (transitions === undefined) return;
  if (transitions.length !== rates.length) {
    want(["transitions"], transitions, `one row a rate, ${rates.length}`);
  }
  transitions.forEach((row, state) => {
    const path = ["transitions", state];
    if (row.length !== rates.length) want(path, row, `one weight a rate, ${rates.length}`);
    else if (rates.length > 1 && !row.some((weight, next) => next !== state && weight > 0)) {
      want(path, row, "a weight above 0 for another state");
    }
  });
});

/** Rate that swings over the day; see {@link diurnal}. */
const Diurnal = z.strictObject({
  process: z.literal("diurnal"),
  rate: Rate,
  peakToTrough: z.number().min(1).max(1e6),
  periodSeconds: SomeSeconds.default(86_400),
  peakSeconds: Seconds.default(0),
});

/** From one rate to another in a straight line, which then stays. */
const Ramp = z.strictObject({
  process: z.literal("ramp"),
  fromRate: Rate,
  toRate: Rate,
  seconds: SomeSeconds,
  ...variation,
});

/** One rate, and another for some time. */
const Spike = z.strictObject({
  process: z.literal("spike"),
  rate: Rate,
  spikeRate: Rate,
  atSeconds: Seconds,
  seconds: SomeSeconds,
  ...variation,
});

/** Any rate that is piecewise constant (`step`) or piecewise linear. */
const Profile = z.strictObject({
  process: z.literal("profile"),
  knots: z.array(z.strictObject({ seconds: Seconds, rate: Rate })).min(1)
    .refine((knots) => knots.every((knot, i) => i === 0 || knot.seconds > knots[i - 1].seconds), {
      error: "knots whose seconds increase",
    }),
  interpolation: z.enum(["step", "linear"]).default("linear"),
  after: z.enum(["hold", "end", "repeat"]).default("hold"),
  ...variation,
});

/**
 * Windows of one length, each with its rate and the variation of its gaps: the form in which ServeGen
 * publishes its clients, and the one that {@link fitWorkload} fits.
 */
const Windows = z.strictObject({
  process: z.literal("windows"),
  windowSeconds: SomeSeconds,
  /** Requests a second in each window. */
  rates: numberColumn(Rate),
  /** Coefficient of variation of the gaps that begin in each window; one number for all. */
  cv: z.union([GapCv, numberColumn(GapCv)]).default(1),
  family: GapFamily.default("gamma"),
  /** Gaps by quantiles instead of a family; `cv` and `family` are then not used. */
  gapQuantiles: z.strictObject({
    /**
     * Laws of gaps, each by its quantiles at the probabilities 0, 1/(k − 1), …, 1; only their shape
     * counts, since each is scaled to a mean of 1.
     */
    laws: z.array(
      numberColumn(z.number().min(0)).refine(isGapLaw, {
        error: "at least two quantiles that do not fall, the last above 0",
      }),
    ).min(1),
    /** Law of the gaps that begin in each window. */
    ofWindow: numberColumn(z.int().min(0)),
  }).optional(),
  after: z.enum(["end", "repeat"]).default("end"),
}).check(({ value: { cv, rates, gapQuantiles }, issues }) => {
  const want = (path: string[], input: unknown, message: string) =>
    issues.push({ code: "custom", path, input, message });
  if (typeof cv !== "number" && cv.length !== rates.length) {
    want(["cv"], cv, "one number, or one a rate");
  }
  if (gapQuantiles === undefined) return;
  const { laws, ofWindow } = gapQuantiles;
  if (ofWindow.length !== rates.length || ofWindow.some((law) => law >= laws.length)) {
    want(["gapQuantiles", "ofWindow"], ofWindow, `a law below ${laws.length} for each rate`);
  }
});

function isGapLaw(values: NumberColumn): boolean {
  return values.length >= 2 && values[values.length - 1] > 0 && !falls(values);
}

const VllmRate = z.number().min(0);
/** The rule of `vllm bench serve`; see {@link vllmBench}. */
const VllmBench = z.strictObject({
  process: z.literal("vllm-bench"),
  /** Infinity, the default there, sends all at once. */
  rate: z.union([VllmRate, z.literal(Infinity)]).default(Infinity),
  burstiness: z.number().positive().default(1),
  rampUp: z.strictObject({
    strategy: z.enum(["linear", "exponential"]),
    startRate: z.int().min(0),
    endRate: z.int().min(1),
  }).refine(({ startRate, endRate }) => startRate <= endRate, {
    path: ["endRate"],
    error: "a rate >= startRate",
  }).refine(({ strategy, startRate }) => strategy === "linear" || startRate > 0, {
    path: ["startRate"],
    error: "a rate above 0: an exponential ramp never leaves 0",
  }).optional(),
});

/** Arrivals as they were: seconds since the start, in order. */
const Replayed = z.strictObject({
  process: z.literal("replayed"),
  seconds: numberColumn(z.number().min(0)),
  repeat: z.boolean().default(false),
}).check(({ value: { seconds }, issues }) => {
  const at = seconds.findIndex((time, i) => i > 0 && time < seconds[i - 1]);
  if (at < 0) return;
  const message = `a time not before the one before it, ${seconds[at - 1]}`;
  issues.push({ code: "custom", path: ["seconds", at], input: seconds[at], message });
});

/** An arrival process as a plain value. Rates are requests a second, times are seconds. */
export const ArrivalSpec = z.discriminatedUnion("process", [
  Poisson,
  Constant,
  Gamma,
  Weibull,
  OnOff,
  Mmpp,
  Diurnal,
  Ramp,
  Spike,
  Profile,
  Windows,
  VllmBench,
  Replayed,
]);
export type ArrivalSpec = z.output<typeof ArrivalSpec>;

/** What a process is made with. */
export interface ArrivalContext {
  /** Makes the process' source of random numbers, the same each time it is called. */
  readonly stream: () => Random;
  /** Requests of the run, where that is known. */
  readonly requests?: number;
}

/** The process of a spec. A new one is one file, one schema above and one line here. */
export function arrivalProcess(spec: ArrivalSpec, context: ArrivalContext): ArrivalProcess {
  const random = context.stream();
  switch (spec.process) {
    case "poisson":
      return renewal(random, { rate: spec.rate, gaps: exponential });
    case "constant":
      return renewal(random, { rate: spec.rate, gaps: () => 1 });
    case "gamma":
    case "weibull":
      return renewal(random, { rate: spec.rate, gaps: gapLaw(spec.process, spec.cv) });
    case "on-off": {
      const { onRate, offRate, onSeconds, offSeconds } = spec;
      return mmpp(random, { rates: [onRate, offRate], sojournSeconds: [onSeconds, offSeconds] });
    }
    case "mmpp":
      return mmpp(random, spec);
    case "diurnal":
      return diurnal(random, spec);
    case "ramp":
    case "spike":
    case "profile": {
      const curve = new RateCurve(knotsOf(spec), {
        interpolation: spec.process === "spike"
          ? "step"
          : spec.process === "ramp"
          ? "linear"
          : spec.interpolation,
        after: spec.process === "profile" ? spec.after : "hold",
      });
      return modulated(random, { curve, gaps: [gapLaw(spec.family, spec.cv)] });
    }
    case "windows":
      return windows(random, spec);
    case "vllm-bench":
      if (context.requests === undefined) {
        throw new InputError({
          file: "workload spec",
          field: "requests",
          value: undefined,
          expected: "a number of requests: vllm-bench stretches its schedule to requests / rate",
        });
      }
      return vllmBench(context.stream, { ...spec, requests: context.requests });
    case "replayed":
      return replayed(spec.seconds, spec);
  }
}

function knotsOf(
  spec: Extract<ArrivalSpec, { process: "ramp" | "spike" | "profile" }>,
): readonly RateKnot[] {
  switch (spec.process) {
    case "ramp":
      return [{ seconds: 0, rate: spec.fromRate }, { seconds: spec.seconds, rate: spec.toRate }];
    case "spike": {
      const { rate, spikeRate, atSeconds, seconds } = spec;
      const spike = [
        { seconds: atSeconds, rate: spikeRate },
        { seconds: atSeconds + seconds, rate },
      ];
      return atSeconds > 0 ? [{ seconds: 0, rate }, ...spike] : spike;
    }
    case "profile":
      return spec.knots;
  }
}

function windows(
  random: Random,
  { rates, windowSeconds, cv, family, gapQuantiles, after }: Extract<
    ArrivalSpec,
    { process: "windows" }
  >,
): ArrivalProcess {
  const knots = Array.from(rates, (rate, i) => ({ seconds: i * windowSeconds, rate }));
  knots.push({ seconds: rates.length * windowSeconds, rate: 0 });
  const laws = new Map<number, ReturnType<typeof gapLaw>>();
  const lawOf = (each: number) => {
    let law = laws.get(each);
    if (law === undefined) laws.set(each, law = gapLaw(family, each));
    return law;
  };
  const curve = new RateCurve(knots, { interpolation: "step", after });
  if (gapQuantiles !== undefined) {
    const shapes = gapQuantiles.laws.map(quantileGaps);
    return modulated(random, { curve, gaps: Array.from(gapQuantiles.ofWindow, (i) => shapes[i]) });
  }
  return modulated(random, {
    curve,
    gaps: typeof cv === "number" ? [lawOf(cv)] : Array.from(cv, lawOf),
  });
}
