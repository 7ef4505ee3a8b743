import * as z from "zod";
import { InputError } from "../errors/input-error.ts";
import { serverAddress } from "./client/server-address.ts";
import { SyncPolicy } from "./journal/journal.ts";
import { TelemetryOptions } from "./telemetry/telemetry.ts";
import { GatewayOptions } from "../gateway/gateway-options.ts";
import { recordOfScheduler } from "../gateway/options.ts";
import { recordOf } from "../registry/choice.ts";
import { PromptOptions } from "./prompts.ts";

/** A server by its address, `URL` or `URL=MODEL`, or in parts. */
export const ServerSpec = z.union([
  z.string().transform((text) => {
    // A model's name may hold = too, an address without a query can't.
    const at = text.indexOf("=");
    return at < 0 ? { url: text } : { url: text.slice(0, at), model: text.slice(at + 1) };
  }),
  z.strictObject({ url: z.string(), model: z.string().min(1).optional() }),
]).transform(({ url, model }: { url: string; model?: string }) => ({
  url: serverAddress(url, "live options"),
  model,
}));

const seconds = z.number().positive();

/** Options of {@link live} that make a run what it is: a resumed run must have the same. */
export const RunOptions = GatewayOptions.extend({
  prompt: PromptOptions.prefault({}),
  /**
   * `real`; a number: so many times as fast, in front of a twin at that speed; `virtual`: time
   * passes only as a twin in virtual time computes.
   */
  time: z.union([z.literal(["real", "virtual"]), z.number().positive()]).default("real"),
  /** Real seconds to the first event after which an attempt has stalled; absent: any queue is waited for. */
  firstByteSeconds: seconds.optional(),
  /** Real seconds of silence within a stream after which it has stalled. */
  betweenChunksSeconds: seconds.default(60),
  /** Seconds over which the rate of arrivals grows from 0 to the workload's own. */
  rampSeconds: z.number().min(0).default(0),
  /**
   * Requests sent to each server before the run's clock starts; they warm the servers and count for
   * nothing. @default 8 short ones for a twin, 0 for another server and in virtual time
   */
  warmUp: z.int().min(0).optional(),
});

/** All options of {@link live} that are data. */
export const LiveOptions = RunOptions.extend({
  servers: z.array(ServerSpec).min(1),
  /** Take servers that are not known to be vLLM, SGLang or llama.cpp, as they are. */
  anyServer: z.boolean().default(false),
  /** Environment variable with the key; absent: VLLM_API_KEY or OPENAI_API_KEY, if set. */
  apiKeyVariable: z.string().min(1).optional(),
  /** Folder of the journal and the results; absent: nothing is written, nothing can be resumed. */
  out: z.string().optional(),
  /** Go on with the journal that is there. */
  resume: z.boolean().default(false),
  sync: SyncPolicy.default("second"),
  /** How servers and GPUs are watched, in the run's seconds; null: not at all, as always in virtual time. */
  telemetry: TelemetryOptions.omit({ models: true }).nullable().default(() =>
    TelemetryOptions.parse({})
  ),
});
export type LiveOptions = z.output<typeof LiveOptions>;
export type LiveOptionsInput = z.input<typeof LiveOptions>;

/** The part of the options that makes a run what it is, as its journal's header holds it. */
export function recordOfRun(options: LiveOptions): Record<string, unknown> {
  const known = Object.keys(RunOptions.shape);
  const { scheduler, router, warmUp = 0 } = options;
  return {
    ...Object.fromEntries(Object.entries(options).filter(([name]) => known.includes(name))),
    scheduler: recordOfScheduler(scheduler),
    router: recordOf(router),
    // What is done where nothing is said makes no other run.
    warmUp,
  };
}

/** Refuses combinations that no single field shows. */
export function checkLiveOptions({ time, servers, warmUp = 0, resume, out }: LiveOptions): void {
  const problems = [];
  const file = "live options";
  if (time === "virtual" && servers.length > 1) {
    problems.push({
      file,
      field: "servers",
      value: servers.length,
      expected: "one server; several twins do not share virtual time",
    });
  }
  if (time === "virtual" && warmUp > 0) {
    problems.push({ file, field: "warmUp", value: warmUp, expected: "0 in virtual time" });
  }
  if (resume && out === undefined) {
    problems.push({ file, field: "out", expected: "the folder of the run to resume" });
  }
  if (problems.length > 0) throw new InputError(problems);
}
