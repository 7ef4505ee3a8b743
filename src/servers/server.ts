import * as z from "zod";
import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import { ServerConfig, type ServerConfigInput } from "./continuous/config.ts";
import { ContinuousEngine, type EngineOptions } from "./continuous/engine.ts";
import { L4_QWEN15_1_8B_SERVER } from "./continuous/presets.ts";
import type { RequestLengths } from "./continuous/server-requests.ts";
import { L4_QWEN15_1_8B } from "./costs/presets.ts";
import { ServerFile, stepCostOf } from "./costs/server-file.ts";
import type { StepCost } from "./costs/step-cost.ts";
import type { StepPower } from "./costs/step-power.ts";
import type { ServerInstance } from "./server-instance.ts";
import { StaticBatchServer } from "./static-batch.ts";

/**
 * A server as a value: what decides there, and what a step costs. `simulate`, the twin and predictions
 * take the same one.
 */
export interface Server {
  /** Name in tables and provenance. */
  readonly name: string;
  /**
   * `continuous`: vLLM's scheduler, sequences come and go with each step. `static`: what is handed
   * over together is one batch, served to its longest member.
   */
  readonly batching: "continuous" | "static";
  /** vLLM's flags; a static server reads none of them. */
  readonly config: ServerConfig;
  /** What a step costs, for as many sequences as the flags allow. */
  readonly cost: StepCost;
  /** What a step draws; absent: joules are not counted. */
  readonly power?: StepPower;
  /** Where the cost comes from, if it is a server file. */
  readonly file?: ServerFile;
}

/** A {@link Server} as a user gives it; every part has a default. */
export interface ServerInput {
  /** @default the name of its step cost */
  readonly name?: string;
  /** @default "continuous" */
  readonly batching?: "continuous" | "static";
  /** vLLM's flags. @default those of the server file, else vLLM's on an L4 with Qwen1.5-1.8B-Chat */
  readonly config?: ServerConfigInput;
  /** A step cost, or a server file as `deno task fit` writes it. @default Qwen1.5-1.8B-Chat on an L4 */
  readonly cost?: StepCost | ServerFile;
  /** What a step draws. @default joules are not counted */
  readonly power?: StepPower;
  /** Of a {@link Server}; made anew from `cost` where that is a server file. */
  readonly file?: ServerFile;
}

const Fields = z.strictObject({
  name: z.string().min(1).optional(),
  batching: z.enum(["continuous", "static"]).default("continuous"),
  config: z.unknown().optional(),
  cost: z.unknown().optional(),
  power: z.custom<StepPower>().optional(),
  file: z.unknown().optional(),
});

function isServerFile(value: object): value is ServerFile {
  return typeof value === "object" && value !== null && "cost" in value && "source" in value;
}

/**
 * Makes a server of its parts, or of a server file; a server is given back as it is. Throws an
 * InputError that names the field, and says what vLLM would not start with.
 *
 * @example
 * const server = serverOf({ config: { max_model_len: 4096, num_gpu_blocks: 9000 } });
 */
export function serverOf(input: ServerInput | Server | ServerFile = {}): Server {
  if (isServerFile(input)) return serverOf({ cost: input });
  const { name, batching, config, cost = L4_QWEN15_1_8B, power, file: known } = parseWith(
    Fields,
    input,
    "server",
  );
  if (typeof cost !== "object" || cost === null) {
    const expected = "a step cost, or the content of a server file";
    throw new InputError({ file: "server", field: "cost", value: cost, expected });
  }
  const file = isServerFile(cost)
    ? parseWith(ServerFile, cost, "server, field cost")
    : known as ServerFile | undefined;
  const flags = parseWith(
    ServerConfig,
    config ?? file?.server ?? L4_QWEN15_1_8B_SERVER,
    "server configuration",
  );
  const stepCost = file === undefined ? cost as StepCost : stepCostOf(file, flags);
  return {
    name: name ?? stepCost.name,
    batching,
    config: flags,
    cost: stepCost,
    ...power !== undefined && { power },
    ...file !== undefined && { file },
  };
}

/** The same server with other flags. */
export function withConfig(server: Server, config: ServerConfigInput): Server {
  return serverOf({ ...server, config });
}

/** The same server at another cost; without its file, which would make its cost anew. */
export function withCost({ file: _, ...server }: Server, cost: StepCost): Server {
  return { ...server, cost };
}

/** A server as a file can hold it: names and plain values. */
export function recordOfServer({ name, batching, config, cost }: Server) {
  return { name, batching, ...batching === "continuous" && { config }, cost: cost.name };
}

/** Starts a server over the requests of a workload, of which any may be submitted to it. */
export function startServer(
  { batching, config, cost, power }: Server,
  lengths: RequestLengths,
  options: Omit<EngineOptions, "cost"> = {},
): ServerInstance {
  if (batching === "static") return new StaticBatchServer(lengths, cost);
  return new ContinuousEngine(config, lengths, { ...options, cost, power });
}
