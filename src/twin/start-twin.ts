import { ServerConfig } from "../servers/continuous/config.ts";
import { parseWith } from "../errors/parse-with.ts";
import { answerModel } from "./answers/answer-model.ts";
import { runningClock, virtualClock } from "./clock.ts";
import { faultPlan, serverFaults } from "./faults/fault-plan.ts";
import type { GenerationParts } from "./generation.ts";
import { Listener } from "./http/listener.ts";
import { Service } from "./http/service.ts";
import type { LatenessSummary } from "./lateness.ts";
import { TwinOptions, type TwinOptionsInput } from "./options.ts";
import { loadServer } from "./servers.ts";
import { lazyTokenizer } from "./tokenizer/tokenizer.ts";
import { type ClockDescription, Twin } from "./twin.ts";
import { warmUp } from "./warm-up.ts";

/** Version that the twin says it has: that of the vLLM it plays, marked as not being it. */
const VERSION = "0.30.0+twin";

/** What a twin did, told when it is stopped. */
export interface TwinSummary {
  /** Requests for an answer that came. */
  readonly requests: number;
  /** How late it wrote against its own clock, real seconds; all 0 in virtual time. */
  readonly lateness: LatenessSummary;
}

/** A twin that runs. */
export interface RunningTwin {
  /** Base URL. */
  readonly url: string;
  /** Base URL of `/twin/…`, reachable even when faults take the other one down. */
  readonly control: string;
  /** The served model's name. */
  readonly model: string;
  readonly config: ServerConfig;
  clock(): ClockDescription;
  /** Ends open streams with the reason `abort` and stops listening. Can be called again. */
  stop(): Promise<TwinSummary>;
}

/**
 * Starts a vLLM-compatible server driven by the continuous engine in this process: decisions of
 * vLLM 0.30's scheduler, times of a step-cost model, the HTTP contract of vLLM. Deterministic by
 * seed. Binds to loopback unless told otherwise.
 *
 * The prefix cache is exact: KV blocks are told apart by the token ids of prompts and answers, and by
 * `cache_salt`. Text is tokenized for that as for its length, by Qwen1.5's tokenizer: two texts share
 * their ids up to where these differ, which may be a token before the texts do. The twin knows its own
 * answers, so a chat that repeats one finds it. `POST /reset_prefix_cache` is answered when the step
 * that runs has ended, as by vLLM: in virtual time it waits for the clock while requests run.
 *
 * On a running clock time passes as outside, times `speed`. In virtual time the clock stands still
 * until `POST /twin/advance {"until": seconds}` (null: as far as it takes): then the engine runs up to
 * `until`, or to the first instant before at which a response ends, writes everything up to there,
 * and answers `{now, chunks, finished, idle}`. A request that comes while the
 * clock stands comes at `now`; wait for the headers of each before the next is sent, and their order
 * is theirs. Unless the clock is real, each data event is preceded by a comment `: twin <seconds>` with
 * its instant for those who send the header `X-Twin-Instants: 1`; others get what a vLLM would send,
 * because some clients, vLLM's own benchmark among them, drop an event that begins with a comment.
 *
 * @throws InputError for options that make no server
 * @example
 * const twin = await live.startTwin({ speed: 20 });
 * const body = JSON.stringify({ model: twin.model, prompt: "Why is the sky blue?", max_tokens: 8 });
 * const headers = { "content-type": "application/json" };
 * const answer = await fetch(`${twin.url}/v1/completions`, { method: "POST", headers, body });
 * const { choices } = await answer.json();
 * const { lateness } = await twin.stop();
 */
export async function startTwin(input: TwinOptionsInput = {}): Promise<RunningTwin> {
  const options = parseWith(TwinOptions, input, "twin options");
  const server = await loadServer(options.server);
  const flags = { ...server.flags, ...options.flags };
  const config = parseWith(ServerConfig, flags, `twin options, server ${server.name}`);
  const model = options.servedModelName ?? server.model;
  const { seed, faults } = options;
  const tokenizer = lazyTokenizer();
  const generation: GenerationParts = {
    config,
    vocabulary: server.vocabulary,
    tokenizer,
    answer: answerModel(seed, options.lengths),
    truth: options.truth ?? (() => undefined),
  };
  const room = {
    config,
    cost: server.cost(config),
    model,
    blocksOverride: options.flags.num_gpu_blocks ?? null,
    perRequestMetrics: options.perRequestMetrics,
  };
  if (options.clock === "running") await warmUp(room, generation);
  const twin = new Twin({
    clock: options.clock === "virtual" ? virtualClock() : runningClock(options.speed),
    seed,
    plan: faultPlan(faults, seed),
    serverFaults: serverFaults(faults),
    room,
  });
  const service = new Service(twin, {
    generation,
    model,
    version: VERSION,
    apiKeys: options.apiKeys,
    hostNames: [options.host, ...options.allowedHosts],
    promptTokensDetails: options.promptTokensDetails,
    devMode: options.devMode,
    requestIdHeaders: options.requestIdHeaders,
    serverLoadTracking: options.serverLoadTracking,
  });
  const listener = await Listener.open(
    options.host,
    options.port,
    (request, response) => void service.serve(request, response),
  );
  const control = await Listener.open(
    "127.0.0.1",
    0,
    (request, response) => void service.serveControl(request, response),
  );
  twin.connect({
    control: control.url,
    up: () => listener.up(),
    down: () => listener.down(),
    resetAll: () => listener.resetAll(service.controls),
  });
  let stopped: Promise<TwinSummary> | undefined;
  const stop = async () => {
    const lateness = twin.stop();
    await Promise.all([listener.close(), control.close()]);
    tokenizer.close();
    return { requests: twin.requests, lateness };
  };
  return {
    url: listener.url,
    control: control.url,
    model,
    config,
    clock: () => twin.describeClock(),
    stop: () => stopped ??= stop(),
  };
}
