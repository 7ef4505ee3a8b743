import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import { withEndings } from "../errors/with-endings.ts";
import type { Run } from "../runs/run.ts";
import type { RunProgress } from "../runs/run-progress.ts";
import { rampUp } from "../workload/transforms/ramp-up.ts";
import type { Requests, Workload } from "../workload/workload.ts";
import { answerWarnings } from "./answer-warnings.ts";
import { VllmClient } from "./client/vllm-client.ts";
import type { Entry } from "./journal/entry.ts";
import { openJournal } from "./journal/open-journal.ts";
import { askServers } from "./preflight/ask-servers.ts";
import { assertFits } from "./preflight/assert-fits.ts";
import { isTwin, type ServerFacts } from "./preflight/server-facts.ts";
import { templateTokens } from "./preflight/template-tokens.ts";
import { templateWarnings } from "./preflight/template-warnings.ts";
import { warningsOf } from "./preflight/warnings.ts";
import { driveInRealTime, type Outside } from "./drive.ts";
import { driveInVirtualTime } from "./drive-virtual.ts";
import { estimatesWarning } from "./estimates-warning.ts";
import { assertSameRun, headerOf } from "./fingerprint.ts";
import { isHealthy } from "./is-healthy.ts";
import { JournaledGateway } from "./journaled-gateway.ts";
import { liveClock } from "./live-clock.ts";
import {
  checkLiveOptions,
  LiveOptions,
  type LiveOptionsInput,
  recordOfRun,
} from "./live-options.ts";
import type { LiveRecord } from "./live-record.ts";
import { ProgressMeter } from "./progress.ts";
import { callsOf, capsOf, promptKind } from "./prompts.ts";
import { type Overhead, spreadOf } from "./overhead.ts";
import { runOfGateway } from "../simulation/run-of-gateway.ts";
import { RunWatch, type Seen } from "./run-watch.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import { twinTime } from "./twin-time.ts";
import { TWIN_WARM_UP, type WarmUp, warmUp } from "./warm-up.ts";
import { checkWriters, refuseForeignResults, type ResultWriters } from "./result-writers.ts";
import { JOURNAL_FILE, writeResults } from "./write-results.ts";

/** The result of a live run. */
export interface LiveResult {
  readonly run: Run;
  /** What was measured of each request, beyond a run's columns. */
  readonly record: LiveRecord;
  readonly servers: readonly ServerFacts[];
  /** What may not be as meant, in words: at the servers, in the options, in the answers. */
  readonly warnings: readonly string[];
  readonly progress: RunProgress;
  /** Processes that have worked on it. */
  readonly sessions: number;
  /** What was seen of servers and GPUs by this process; null where nobody looked. */
  readonly telemetry: Telemetry | null;
  /** How far off the client itself was. */
  readonly overhead: Overhead;
  /** Paths of the files written; empty without `out`. */
  readonly files: readonly string[];
}

/** A live run that was stopped before its end. Its journal can be resumed. */
export class LiveInterrupted extends Error {
  override readonly name = "LiveInterrupted";
  /** @param journal path of the journal; null: none was kept */
  constructor(readonly progress: RunProgress, readonly journal: string | null) {
    const { done, total } = progress;
    const how = journal === null ? "without a folder it can't be resumed" : `${journal} is kept`;
    super(`Live run interrupted: ${done} of ${total} requests have ended; ${how}`);
  }
}

/** What {@link live} is given besides data. */
export interface LiveCallbacks {
  /** Told how far the run is, about ten times a second, and at its end. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told what may not be as meant: before the first request, and after the last answer. */
  readonly onWarning?: (warning: string) => void;
  /** Ends the process's part in the run: open requests are broken off and can be resumed. */
  readonly signal?: AbortSignal;
  /**
   * Further result files in `out`, by name: each writer is given the run when it has ended.
   * @default none
   */
  readonly writers?: ResultWriters;
}

const PROGRESS_MS = 100;

/**
 * Runs a workload against real servers (or twins), dispatched by the same scheduler that a simulation
 * drives. With `out` every transition is in a journal before it is acted on, so that `resume` goes on
 * after any interruption with nothing lost and nothing counted twice.
 *
 * A request that was open when a process died is sent again: its answer had not been accepted. What
 * the server had made of it is lost with the connection, on which vLLM aborts it.
 *
 * Throws an InputError before the first request for bad options, a server that is none, a model it
 * does not have, a request over its context, the journal of another run; a {@link LiveInterrupted}
 * when `signal` is aborted.
 *
 * @example
 * const { run } = await live.run(workload, {
 *   servers: ["http://localhost:8000"],
 *   scheduler: { policy: "sjf" },
 *   dispatch: { rule: "in-flight", window: 16 },
 *   out: "runs/sjf",
 * });
 */
export async function live(
  given: Workload,
  { onProgress, onWarning, signal = new AbortController().signal, writers = {}, ...input }:
    & LiveOptionsInput
    & LiveCallbacks,
): Promise<LiveResult> {
  const options = parseWith(LiveOptions, input, "live options");
  checkLiveOptions(options);
  checkWriters(writers);
  const { rampSeconds, out } = options;
  const workload = rampSeconds > 0 ? rampUp(given, rampSeconds) : given;
  const gateway = new JournaledGateway(workload.requests, {
    servers: options.servers.length,
    options,
  });
  const calls = callsOf(workload, options.prompt, options.seed);
  const clock = new RunClock();
  const clients = options.servers.map(({ url }) =>
    new VllmClient(url, clock, {
      apiKeyVariable: options.apiKeyVariable,
      firstByteSeconds: options.firstByteSeconds,
      betweenChunksSeconds: options.betweenChunksSeconds,
      instants: options.time === "virtual" ? "twin" : "socket",
      anyServer: options.anyServer,
    }, signal)
  );
  const path = out === undefined ? null : `${out}/${JOURNAL_FILE}`;
  /** Nothing had been sent; what a run before this one has written stays as it is. */
  const assertGoingOn = () => {
    if (!signal.aborted) return;
    throw new LiveInterrupted(new ProgressMeter(gateway, 1).at(0), options.resume ? path : null);
  };
  try {
    const servers = await askServers(
      clients.map((client, i) => ({
        client,
        model: options.servers[i].model,
        anyServer: options.anyServer,
      })),
    ).catch((error) => {
      // Asked to stop, nobody wants to hear that a server did not answer.
      assertGoingOn();
      throw error;
    });
    assertFits(servers, {
      promptTokens: workload.requests.promptTokens,
      maxTokens: capsOf(workload, options.prompt).maxTokens,
    });
    const kind = promptKind(workload.requests, options.prompt);
    const chat = options.prompt.endpoint === "chat";
    const templates = kind !== "words" ? servers.map(() => 0) : await Promise.all(
      clients.map((client, i) => templateTokens(client, { model: servers[i].model, chat })),
    );
    assertGoingOn();
    const warnings: string[] = [];
    const warn = (warning: string | null) => {
      if (warning === null) return;
      warnings.push(warning);
      onWarning?.(warning);
    };
    const { rule } = options.dispatch;
    warningsOf(servers, { priorities: rule === "pass-through" }).forEach(warn);
    templateWarnings(servers, workload.requests, templates).forEach(warn);
    warn(estimatesWarning(workload.requests, options.scheduler));
    const header = await headerOf(workload, recordOfRun(options), servers);
    const speed = typeof options.time === "number" ? options.time : 1;
    const meter = new ProgressMeter(gateway, speed);
    if (out !== undefined) refuseForeignResults(out, writers);
    const opened = path === null ? null : openJournal(path, header, {
      resume: options.resume,
      sync: options.sync,
      accept({ header: found, entries }) {
        assertSameRun(found, header, path);
        replay(gateway, entries, path);
        meter.see(entries);
      },
    });
    const journal = opened?.journal;
    warn(opened?.notice ?? null);
    let watching: RunWatch | null = null;
    let seen = null as Seen | null;
    const toTheEnd = async () => {
      if (!gateway.ended) {
        const ended = await drive(gateway, {
          options,
          clock,
          keyHeaders: clients[0].keyHeaders(),
          outside: {
            clients,
            signal,
            probe: (server, over) => isHealthy(clients[server], servers[server], over),
            callOf: ({ request, attempt, server, priority }) =>
              calls(request, {
                id: `${header.run}-${request}-${attempt}`,
                model: servers[server].model,
                priority,
              }, templates[server] ?? 0),
            append: (entries) => {
              journal?.append(entries);
              journal?.syncIfDue();
              meter.see(entries);
            },
            onTurn: every(PROGRESS_MS, (now) => onProgress?.(meter.at(now))),
          },
          watch: async () => {
            const session = gateway.sessions + 1;
            watching = watch(clients, clock, { options, servers, session });
            await watching?.started();
          },
          warm: () =>
            warmServers(workload.requests, {
              clients,
              servers,
              templates,
              options,
              window: options.dispatch.rule === "in-flight" ? options.dispatch.window : Infinity,
              prompt: options.prompt,
              seed: options.seed,
              run: header.run,
              signal,
            }),
        });
        if (!ended) throw new LiveInterrupted(meter.at(gateway.lastAt), path);
      }
    };
    await withEndings(toTheEnd, () => journal?.close(), async () => {
      seen = await watching?.stop(signal.aborted) ?? null;
    });
    const progress = meter.at(gateway.lastAt);
    onProgress?.(progress);
    const engine = { name: "live", dispatch: options.dispatch, servers };
    const run = runOfGateway(workload, gateway.state, { engine });
    const results = out === undefined ? [] : await writeResults(out, run, {
      gateway,
      chat,
      servers: servers.map(({ url }) => url),
      writers,
    });
    const { record, sessions } = gateway;
    answerWarnings(record, {
      servers: servers.map(({ url }) => url),
      promptTokens: kind === "text" ? undefined : workload.requests.promptTokens,
      maxTokens: capsOf(workload, options.prompt).maxTokens,
      cold: options.time !== "virtual",
    }).forEach(warn);
    return {
      run,
      record,
      servers,
      warnings,
      progress,
      sessions,
      telemetry: seen?.telemetry ?? null,
      overhead: { schedule: spreadOf(record.late), eventLoop: seen?.eventLoop ?? null },
      files: [...results, ...seen?.files ?? []],
    };
  } finally {
    for (const client of clients) client.close();
  }
}

/** The clock of a run: told what drives it once that is known. */
class RunClock {
  current: { now(): number } = { now: () => 0 };
  now(): number {
    return this.current.now();
  }
}

/** Rebuilds the state of a run from its journal. */
export function replay(gateway: JournaledGateway, entries: readonly Entry[], file: string): void {
  entries.forEach((entry, i) => {
    try {
      gateway.replay(entry);
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError({
        file,
        row: i + 2,
        value: entry,
        expected: `a decision that this version repeats: ${(error as Error).message}`,
      });
    }
  });
}

interface Drive {
  readonly options: LiveOptions;
  readonly clock: RunClock;
  readonly outside: Outside;
  /** What a twin's own pages are asked with. */
  readonly keyHeaders: Readonly<Record<string, string>>;
  readonly warm: () => Promise<void>;
  /** Starts what watches the run, and waits until it has looked once. */
  readonly watch: () => Promise<void>;
}

async function drive(
  gateway: JournaledGateway,
  { options, clock, outside, keyHeaders, warm, watch }: Drive,
): Promise<boolean> {
  const from = gateway.lastAt;
  const begin = () => gateway.begin({ at: from, epochSeconds: Date.now() / 1000 - from });
  if (options.time === "virtual") {
    const { twin, now } = await twinTime({
      url: options.servers[0].url,
      headers: keyHeaders,
      signal: outside.signal,
    });
    let current = from;
    clock.current = { now: () => current };
    begin();
    const onTime = (at: number) => {
      current = at;
    };
    return await driveInVirtualTime(gateway, outside, { twin, origin: now - from, from, onTime });
  }
  await warm();
  // Before the clock starts: programs start and parsers are compiled while no request is due.
  clock.current = { now: () => from };
  await watch();
  if (outside.signal.aborted) return false;
  const running = liveClock({ from, speed: options.time === "real" ? 1 : options.time });
  clock.current = running;
  begin();
  return await driveInRealTime(gateway, outside, running);
}

interface Watching {
  readonly options: LiveOptions;
  readonly servers: readonly ServerFacts[];
  readonly session: number;
}

/** Real seconds between two scrapes at least, however fast a run's clock goes. */
const SHORTEST_PERIOD = 0.2;

/** Starts watching the servers, each for the model that it is asked for. */
function watch(
  clients: readonly VllmClient[],
  clock: RunClock,
  { options, servers, session }: Watching,
): RunWatch | null {
  const { telemetry, time, out } = options;
  if (time === "virtual") return null;
  const models = [...new Set(servers.map(({ metricsModel }) => metricsModel))];
  const speed = time === "real" ? 1 : time;
  return new RunWatch({
    servers: clients,
    clock,
    telemetry: telemetry && {
      ...telemetry,
      models,
      periodSeconds: Math.max(SHORTEST_PERIOD, telemetry.periodSeconds / speed),
    },
    out,
    session,
  });
}

/** What {@link warmServers} needs besides the workload. */
interface Warming extends Omit<WarmUp, "clients" | "models" | "templates" | "count"> {
  /** Tokens that each server adds to a made text; null: it does not tell. */
  readonly templates: readonly (number | null)[];
  readonly clients: readonly VllmClient[];
  readonly servers: readonly ServerFacts[];
  readonly options: LiveOptions;
}

/** Warms up as the options say; where they say nothing, the twins among the servers. */
async function warmServers(
  requests: Requests,
  { clients, servers, templates, options, ...warming }: Warming,
): Promise<void> {
  const said = options.warmUp;
  if (said === 0) return;
  const places = servers.keys().toArray().filter((i) => said !== undefined || isTwin(servers[i]));
  await warmUp(requests, {
    ...warming,
    ...said === undefined ? TWIN_WARM_UP : { count: said },
    clients: places.map((i) => clients[i]),
    models: places.map((i) => servers[i].model),
    templates: places.map((i) => templates[i] ?? 0),
  });
}

/** Calls `then` at most once in so many milliseconds. */
function every(milliseconds: number, then: (now: number) => void): (now: number) => void {
  let last = -Infinity;
  return (now) => {
    if (performance.now() - last < milliseconds) return;
    last = performance.now();
    then(now);
  };
}
