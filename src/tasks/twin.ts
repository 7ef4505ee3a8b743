/**
 * `deno task twin [--server NAME | --model NAME --gpu NAME] [--port 8000] [vLLM's flags]`: a
 * vLLM-compatible server driven by the continuous engine. Runs until SIGINT or SIGTERM, then ends open streams and says how late it
 * was against its own clock.
 */
import { resolve } from "node:path";
import type { ServerConfigInput } from "../servers/continuous/config.ts";
import { InputError } from "../errors/input-error.ts";
import { describeSizedServer, premisesOf } from "../servers/describe-sized-server.ts";
import type { SizedServer } from "../servers/sized-server.ts";
import type { LatenessSummary } from "../twin/lateness.ts";
import type { TwinOptionsInput } from "../twin/options.ts";
import { serverNames } from "../twin/servers.ts";
import { type RunningTwin, startTwin } from "../twin/start-twin.ts";
import { exitWith, readArguments } from "./command-line.ts";
import { SERVER_PART_OPTIONS, SERVER_PART_USAGE, serverOfArguments } from "./server-arguments.ts";

const usage = (servers: readonly string[]) =>
  `Usage: deno task twin [--server NAME|FILE.json | --model NAME --gpu NAME] [options]

A server that speaks vLLM 0.30's HTTP and takes as long as a vLLM on the hardware would. Servers:
${servers.map((name) => `  ${name}`).join("\n")}
or a server JSON from \`deno task fit\`, or a model on a card:
${SERVER_PART_USAGE}

  --host ADDRESS, --port N        where to listen; 127.0.0.1 and 8000 unless told otherwise
  --allowed-host NAME             a name that requests may have in Host, besides addresses,
                                  localhost and --host; may be repeated
  --speed S                       seconds of the twin for each real one (1)
  --virtual                       time passes only by POST /twin/advance
  --seed N                        of answers and faults (0)
  --faults JSON                   faults to inject, as an array
  --lengths JSON                  length model of answers that may end by themselves
  --json                          prints where it listens as one line of JSON

As vLLM's: --served-model-name, --max-num-seqs, --max-num-batched-tokens, --max-model-len,
--num-gpu-blocks-override, --block-size, --scheduling-policy fcfs|priority,
--long-prefill-token-threshold, --watermark, --async-scheduling, --no-async-scheduling,
--no-enable-chunked-prefill, --enable-prefix-caching, --no-enable-prefix-caching,
--enable-prompt-tokens-details, --enable-per-request-metrics, --enable-request-id-headers,
--enable-server-load-tracking. From the environment alone: VLLM_API_KEY, an API key, and
VLLM_SERVER_DEV_MODE=1, with which there is POST /reset_prefix_cache.`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const OPTIONS = {
  ...SERVER_PART_OPTIONS,
  server: text,
  host: text,
  "allowed-host": { type: "string", multiple: true },
  port: text,
  speed: text,
  virtual: flag,
  seed: text,
  faults: text,
  lengths: text,
  json: flag,
  help: { type: "boolean", short: "h", default: false },
  "served-model-name": text,
  "max-num-seqs": text,
  "max-num-batched-tokens": text,
  "max-model-len": text,
  "num-gpu-blocks-override": text,
  "block-size": text,
  "scheduling-policy": text,
  "long-prefill-token-threshold": text,
  watermark: text,
  "async-scheduling": flag,
  "no-async-scheduling": flag,
  "no-enable-chunked-prefill": flag,
  "enable-prefix-caching": flag,
  "no-enable-prefix-caching": flag,
  "enable-prompt-tokens-details": flag,
  "enable-per-request-metrics": flag,
  "enable-request-id-headers": flag,
  "enable-server-load-tracking": flag,
} as const;

/** vLLM's flags that are numbers, and the fields that they set. */
const NUMBERS = {
  "max-num-seqs": "max_num_seqs",
  "max-num-batched-tokens": "max_num_batched_tokens",
  "max-model-len": "max_model_len",
  "num-gpu-blocks-override": "num_gpu_blocks",
  "block-size": "block_size",
  "long-prefill-token-threshold": "long_prefill_token_threshold",
  watermark: "watermark",
} as const satisfies Readonly<Record<string, keyof ServerConfigInput>>;

const refuse = (field: string, value: unknown, expected: string) =>
  new InputError({ file: "command line", field: `--${field}`, value, expected });

/** A number as vLLM's flags take it: `2048`, `2k` (2,000) or `2K` (2,048). */
function numberOf(field: string, value: string): number {
  const match = /^(-?\d+(?:\.\d+)?)([kKmMgG]?)$/.exec(value.trim());
  if (match === null) throw refuse(field, value, "a number, such as 2048 or 2k");
  const [, digits, suffix] = match;
  const power = ["", "k", "m", "g"].indexOf(suffix.toLowerCase());
  return Number(digits) * (suffix === suffix.toLowerCase() ? 1000 : 1024) ** power;
}

/** Whether vLLM's development mode is on: any whole number but 0. */
function devMode(given = "0"): boolean {
  if (/^\s*-?\d+\s*$/.test(given)) return Number(given) !== 0;
  throw new InputError({
    file: "environment",
    field: "VLLM_SERVER_DEV_MODE",
    value: given,
    expected: "a whole number: 1, or 0",
  });
}

function jsonOf(field: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    throw refuse(field, value, `JSON: ${(error as Error).message}`);
  }
}

/** What the command line asks for. */
interface TwinArguments {
  readonly options: TwinOptionsInput;
  readonly json: boolean;
  /** The server, where a model and a card were named. */
  readonly sized: SizedServer | undefined;
}

/** Options of the twin as the command line and the environment give them; null for `--help`. */
export async function twinArguments(
  args: readonly string[],
  environment: (name: string) => string | undefined,
): Promise<TwinArguments | null> {
  const { values } = readArguments({ args: [...args], options: OPTIONS });
  if (values.help) return null;
  const flags: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(NUMBERS)) {
    const value = values[name as keyof typeof NUMBERS];
    if (value !== undefined) flags[field] = numberOf(name, value);
  }
  if (values["scheduling-policy"] !== undefined) {
    flags.scheduling_policy = values["scheduling-policy"];
  }
  if (values["async-scheduling"]) flags.async_scheduling = true;
  if (values["no-async-scheduling"]) flags.async_scheduling = false;
  if (values["no-enable-chunked-prefill"]) flags.enable_chunked_prefill = false;
  if (values["enable-prefix-caching"]) flags.enable_prefix_caching = true;
  if (values["no-enable-prefix-caching"]) flags.enable_prefix_caching = false;
  if (values.virtual && values.speed !== undefined) {
    throw refuse("speed", values.speed, "no speed with --virtual");
  }
  const key = environment("VLLM_API_KEY");
  const given = <T>(value: string | undefined, read: (value: string) => T) =>
    value === undefined ? undefined : read(value);
  const sized = await serverOfArguments(values, flags);
  if (sized !== undefined && values.server !== undefined) {
    throw refuse("server", values.server, "no server beside --model and --gpu");
  }
  // `deno task` itself changes to the folder of deno.json.
  const server = values.server?.endsWith(".json")
    ? resolve(environment("INIT_CWD") ?? Deno.cwd(), values.server)
    : values.server;
  const options = {
    server: sized?.server ?? server,
    host: values.host,
    allowedHosts: values["allowed-host"],
    port: given(values.port, (port) => numberOf("port", port)) ?? 8000,
    clock: values.virtual ? "virtual" : "running",
    speed: given(values.speed, (speed) => numberOf("speed", speed)),
    seed: given(values.seed, (seed) => numberOf("seed", seed)),
    faults: given(values.faults, (json) => jsonOf("faults", json)),
    lengths: given(values.lengths, (json) => jsonOf("lengths", json)),
    servedModelName: values["served-model-name"] ?? sized?.model.name,
    apiKeys: key ? [key] : [],
    promptTokensDetails: values["enable-prompt-tokens-details"],
    devMode: devMode(environment("VLLM_SERVER_DEV_MODE")),
    perRequestMetrics: values["enable-per-request-metrics"],
    requestIdHeaders: values["enable-request-id-headers"],
    serverLoadTracking: values["enable-server-load-tracking"],
    // Of a model on a card they are in its configuration.
    flags: sized === undefined ? flags : {},
  };
  // Checked with the rest when the twin starts.
  return { options: options as TwinOptionsInput, json: values.json, sized };
}

/** Resolves at SIGINT or SIGTERM. */
function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => resolve());
    }
  });
}

function describe({ url, model, config, clock }: RunningTwin): string {
  const { mode, speed } = clock();
  const time = mode === "virtual" ? "virtual time" : mode === "real" ? "real time" : `× ${speed}`;
  return `${url} serves ${model} (${time}; ${config.max_num_seqs} sequences, ` +
    `${config.num_gpu_blocks} KV blocks of ${config.block_size}, ${config.scheduling_policy})`;
}

const late = ({ p50, p99, max, count }: LatenessSummary) =>
  `${count} writes, late against the twin's clock: P50 ${(1000 * p50).toFixed(1)} ms, ` +
  `P99 ${(1000 * p99).toFixed(1)} ms, at most ${(1000 * max).toFixed(1)} ms`;

/** `deno task twin`; returns the exit code. */
export async function twin(args: readonly string[]): Promise<number> {
  const read = await twinArguments(args, (name) => Deno.env.get(name));
  if (read === null) {
    console.log(usage(await serverNames()));
    return 0;
  }
  const running = await startTwin(read.options);
  const { url, control, model } = running;
  const premises = read.sized && { premises: premisesOf(read.sized) };
  console.log(
    read.json ? JSON.stringify({ url, control, model, ...premises }) : describe(running),
  );
  if (read.sized !== undefined && !read.json) console.log(describeSizedServer(read.sized));
  await untilSignalled();
  const { requests, lateness } = await running.stop();
  console.log(
    read.json ? JSON.stringify({ requests, lateness }) : `${requests} requests; ${late(lateness)}`,
  );
  return 0;
}

if (import.meta.main) await exitWith(() => twin(Deno.args));
