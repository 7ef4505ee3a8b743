import * as z from "zod";
import { ArrivalSpec } from "./arrivals/arrival-spec.ts";
import { DriftSpec } from "./drift.ts";
import { TokenLengthSpec } from "./lengths/token-length-spec.ts";
import { PromptSpec } from "./prompts/prompt-spec.ts";

/** Requests of one tenant and category: their share of a stream, and how long they are. */
export const RequestClass = z.strictObject({
  tenant: z.string().min(1).default("default"),
  tier: z.string().min(1).default("default"),
  category: z.string().min(1).default("default"),
  /** Relative frequency in the stream. */
  weight: z.number().min(0).default(1),
  /** Length of the text that each prompt has of its own. */
  prompt: TokenLengthSpec,
  /** What comes before that text, and is shared with other prompts; absent: nothing. */
  prompts: PromptSpec.optional(),
  output: TokenLengthSpec,
  /**
   * Correlation of the normal numbers behind prompt and answer (Gaussian copula). Spearman's rank
   * correlation of the lengths is 6/π·asin(correlation/2), up to ties.
   */
  correlation: z.number().min(-1).max(1).default(0),
  /**
   * Cap on output tokens sent with each request. By default the longest answer that the class can
   * have; 4,096 where that is not bounded.
   */
  maxTokens: z.int().min(1).optional(),
});
export type RequestClass = z.output<typeof RequestClass>;

/** One source of requests: when they arrive, and what they are. */
export const StreamSpec = z.strictObject({
  /** Names the stream's random numbers; by default its place in the list. */
  name: z.string().min(1).optional(),
  arrivals: ArrivalSpec,
  classes: z.array(RequestClass).min(1)
    .refine((classes) => classes.some(({ weight }) => weight > 0), {
      error: "at least one weight above 0",
    }),
});
export type StreamSpec = z.output<typeof StreamSpec>;

/** Classes at most, of all streams together. */
const MOST_CLASSES = 0x10000;

/** A workload that can be made again: a plain value, which crosses to workers and is kept. */
export const WorkloadSpec = z.strictObject({
  name: z.string().min(1).default("generated workload"),
  seed: z.int().default(1),
  /** The first `requests` arrivals of all streams together. */
  requests: z.int().min(0).max(100_000_000).optional(),
  /** Only what arrives before this instant. */
  seconds: z.number().positive().max(1e10).optional(),
  /** Laid over one another on one clock. */
  streams: z.array(StreamSpec).min(1),
  /** Concept drift in lengths; factors multiply. */
  drift: z.array(DriftSpec).default([]),
  /** Longest prompt plus answer, tokens (`max_model_len`); longer ones are cut, and counted. */
  contextTokens: z.int().min(2).optional(),
}).check(({ value, issues }) => {
  const want = (path: (string | number)[], input: unknown, message: string) =>
    issues.push({ code: "custom", path, input, message });
  if (value.requests === undefined && value.seconds === undefined) {
    want(["requests"], undefined, "a number of requests, or seconds, or both");
  }
  const names = new Set<string>();
  value.streams.forEach((stream, i) => {
    const name = streamName(stream, i);
    if (names.has(name)) want(["streams", i, "name"], stream.name, "a name of its own");
    names.add(name);
  });
  const classes = value.streams.flatMap((stream) => stream.classes);
  if (classes.length > MOST_CLASSES) {
    want(["streams"], classes.length, `at most ${MOST_CLASSES} classes in all streams`);
  }
  const among = (
    field: "tenant" | "category",
    name: string | undefined,
    path: (string | number)[],
  ) => {
    if (name === undefined || classes.some((each) => each[field] === name)) return;
    want(path, name, `a ${field} of some class`);
  };
  value.drift.forEach((drift, i) => {
    if (drift.drift === "swap") {
      drift.categories.forEach((name, j) => among("category", name, ["drift", i, "categories", j]));
    } else {
      among("tenant", drift.tenant, ["drift", i, "tenant"]);
      among("category", drift.category, ["drift", i, "category"]);
    }
  });
});
export type WorkloadSpec = z.output<typeof WorkloadSpec>;
/** {@link WorkloadSpec} before defaults are filled in. */
export type WorkloadSpecInput = z.input<typeof WorkloadSpec>;

/** The name under which a stream's random numbers are drawn. */
export function streamName({ name }: { name?: string }, index: number): string {
  return name ?? String(index);
}
