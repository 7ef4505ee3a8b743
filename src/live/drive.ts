import type { CompletionRequest } from "./client/completion-request.ts";
import type { CompletionClient } from "./client/exchange.ts";
import type { Entry } from "./journal/entry.ts";
import { type ClockEvent, ClockWatch } from "./clock-watch.ts";
import type { Command, JournaledGateway } from "./journaled-gateway.ts";
import type { LiveClock } from "./live-clock.ts";
import { measuredOf } from "./measured-of.ts";
import { type EndedAttempt, OpenAttempts } from "./open-attempts.ts";

/** What a gateway is connected to. */
export interface Outside {
  /** One for each server, in the order of the run's list. */
  readonly clients: readonly CompletionClient[];
  /** Whether the server says that it is well; never rejects. `over` ends the asking. */
  readonly probe: (server: number, over: AbortSignal) => Promise<boolean>;
  /** The request that is sent. */
  readonly callOf: (send: Extract<Command, { readonly do: "send" }>) => CompletionRequest;
  /** Writes entries down; when it returns, they may be acted on. */
  readonly append: (entries: readonly Entry[]) => void;
  /** Called after each turn, for progress. */
  readonly onTurn?: (now: number) => void;
  readonly signal: AbortSignal;
}

/** Tells the gateway how an attempt has ended. */
export function report(
  gateway: JournaledGateway,
  { request, attempt, exchange }: EndedAttempt,
  { at, origin = 0 }: { readonly at: number; readonly origin?: number },
): void {
  const measured = measuredOf(exchange, origin);
  const { outcome } = exchange;
  if (outcome.kind === "completed") gateway.completed(request, attempt, { at, measured });
  else gateway.failed(request, attempt, { at, measured, failure: outcome });
}

/** Before a run is broken off: answers that are whole need not be made again. */
function acceptWhatCame(
  gateway: JournaledGateway,
  ended: readonly EndedAttempt[],
  at: number,
): void {
  for (const each of ended) {
    if (each.exchange.outcome.kind === "completed") report(gateway, each, { at });
  }
}

/** Seconds of real time between two looks at the clocks at most. */
const WATCH_SECONDS = 1;

/**
 * Drives a gateway in real (or scaled) time until its run has ended. Resolves to false when
 * `signal` was aborted before: open attempts are broken off, nothing of them is accepted, and the
 * journal can be resumed.
 */
export async function driveInRealTime(
  gateway: JournaledGateway,
  outside: Outside,
  clock: LiveClock,
): Promise<boolean> {
  const { clients, append, signal } = outside;
  const { machine } = clock;
  const attempts = new OpenAttempts();
  const probes: { readonly server: number; readonly healthy: boolean }[] = [];
  const noted: ClockEvent[] = [];
  const watch = new ClockWatch(2 * WATCH_SECONDS);
  const look = () => {
    const event = watch.look({
      monotonic: machine.monotonic() / 1000,
      wall: machine.wall() / 1000,
    });
    if (event !== null) noted.push(event);
  };
  look();
  const endWatching = machine.every(1000 * WATCH_SECONDS, look);
  const over = new AbortController();
  let sleep = new AbortController();
  const wake = () => sleep.abort();
  attempts.onNews(wake);
  signal.addEventListener("abort", wake);
  const obey = (command: Command) => {
    if (command.do === "abort") return attempts.abort(command.request, command.attempt);
    const { server } = command;
    if (command.do === "send") {
      void attempts.send(clients[server], outside.callOf(command), command);
      return;
    }
    void outside.probe(server, over.signal).then((healthy) => {
      probes.push({ server, healthy });
      wake();
    });
  };
  let due = -Infinity;
  const tellClocks = (now: number) => {
    for (const { what, seconds } of noted.splice(0)) gateway.note(now, what, seconds);
  };
  const turn = () => {
    // What comes from here on ends the sleep before it has begun.
    sleep = new AbortController();
    const now = clock.now();
    for (const ended of attempts.take()) report(gateway, ended, { at: now });
    for (const { server, healthy } of probes.splice(0)) gateway.probed(server, now, healthy);
    tellClocks(now);
    gateway.tick(now);
    const { entries, commands } = gateway.take();
    append(entries);
    due = gateway.ended ? Infinity : gateway.nextTimer(now);
    commands.forEach(obey);
    outside.onTurn?.(now);
  };
  // In a burst of reads the timer would have to wait for the last of them.
  let failure: { readonly thrown: unknown } | null = null;
  attempts.onRead((instant) => {
    if (instant < due || signal.aborted || failure !== null) return;
    const sleeping = sleep;
    try {
      turn();
    } catch (thrown) {
      failure = { thrown };
    }
    sleeping.abort();
  });
  try {
    while (!signal.aborted) {
      turn();
      if (gateway.ended) return true;
      await clock.waitUntil(due, sleep.signal);
      if (failure !== null) throw (failure as { readonly thrown: unknown }).thrown;
    }
    const now = clock.now();
    acceptWhatCame(gateway, attempts.take(), now);
    look();
    tellClocks(now);
    append(gateway.take().entries);
    return false;
  } finally {
    endWatching();
    signal.removeEventListener("abort", wake);
    attempts.abortAll();
    over.abort();
  }
}
