import * as z from "zod";
import type { ServerConfigInput } from "../servers/continuous/config.ts";
import type { Server, ServerInput } from "../servers/server.ts";
import { lengthSpecOver } from "../workload/lengths/length-spec.ts";
import { MEASURED_CATEGORIES } from "../workload/words-per-token.ts";
import type { AnswerTruth } from "./answers/answer-model.ts";
import { FaultSpecs } from "./faults/fault-spec.ts";

/** Over the categories that the twin's answers are of. */
const Lengths = lengthSpecOver(MEASURED_CATEGORIES);

/** Options of {@link startTwin}. */
export const TwinOptions = z.strictObject({
  /** A bundled server by name, the path of a server JSON, or a server as a value. */
  server: z.union([
    z.string().min(1),
    z.custom<ServerInput | Server>((value) => typeof value === "object" && value !== null, {
      error: "the name of a server, or a server",
    }),
  ]).default("l4-qwen1.5-1.8b"),
  /** Address to bind to. @default loopback */
  host: z.string().min(1).default("127.0.0.1"),
  /** 0: any that is free. */
  port: z.int().min(0).max(65_535).default(0),
  /** `virtual`: time passes only when a client says so. */
  clock: z.enum(["running", "virtual"]).default("running"),
  /** Seconds of the twin for each real one; for a running clock. */
  speed: z.number().positive().max(1e6).default(1),
  /** Of answers and faults. */
  seed: z.int().default(0),
  /** vLLM's own flags, under vLLM's names. Absent ones: as the server's file says. */
  flags: z.custom<Partial<ServerConfigInput>>((value) => typeof value === "object")
    .default({}),
  /** Name of the served model. @default the server's */
  servedModelName: z.string().min(1).optional(),
  /** Keys that are let in; none: everybody is. */
  apiKeys: z.array(z.string().min(1)).default([]),
  /** Names that a request's `Host` may have besides addresses, `localhost` and `host`. */
  allowedHosts: z.array(z.string().min(1)).default([]),
  /** How long answers are that may end by themselves. */
  lengths: Lengths.default(Lengths.parse({ model: "fraction-of-cap" })),
  /**
   * What answers really have, by `X-Request-Id`: so the twin can serve the lengths of a workload,
   * which no client may know. Others are drawn.
   */
  truth: z.custom<(id: string) => AnswerTruth | undefined>((value) => typeof value === "function")
    .optional(),
  faults: FaultSpecs.default([]),
  /** As vLLM's `--enable-prompt-tokens-details`: usage says what came from the prefix cache. */
  promptTokensDetails: z.boolean().default(false),
  /** As vLLM's `VLLM_SERVER_DEV_MODE=1`: there is `POST /reset_prefix_cache`. */
  devMode: z.boolean().default(false),
  /** As vLLM's `--enable-per-request-metrics`. */
  perRequestMetrics: z.boolean().default(false),
  /** As vLLM's `--enable-request-id-headers`. */
  requestIdHeaders: z.boolean().default(false),
  /** As vLLM's `--enable-server-load-tracking`. */
  serverLoadTracking: z.boolean().default(false),
});
export type TwinOptions = z.output<typeof TwinOptions>;
export type TwinOptionsInput = z.input<typeof TwinOptions>;
