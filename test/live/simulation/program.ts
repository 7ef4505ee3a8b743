import { driveInRealTime } from "../../../src/live/drive.ts";
import { assertSameRun } from "../../../src/live/fingerprint.ts";
import type { CompletionClient, Exchange } from "../../../src/live/client/exchange.ts";
import { type CompletionRequest } from "../../../src/live/client/completion-request.ts";
import { VllmClient } from "../../../src/live/client/vllm-client.ts";
import { isHealthy } from "../../../src/live/is-healthy.ts";
import type { Disk } from "../../../src/live/journal/disk.ts";
import type { Entry, Header } from "../../../src/live/journal/entry.ts";
import type { SyncPolicy } from "../../../src/live/journal/journal.ts";
import { openJournal } from "../../../src/live/journal/open-journal.ts";
import { JournaledGateway } from "../../../src/live/journaled-gateway.ts";
import { replay } from "../../../src/live/live.ts";
import { type LiveClock, liveClock } from "../../../src/live/live-clock.ts";
import type { MachineTime } from "../../../src/live/machine-time.ts";
import type { GatewayOptionsInput } from "../../../src/gateway/gateway-options.ts";
import type { Requests } from "../../../src/workload/workload.ts";

/** What one process of a live run is given. */
export interface ProgramOptions {
  readonly requests: Requests;
  readonly header: Header;
  readonly gateway: GatewayOptionsInput;
  readonly client: {
    readonly firstByteSeconds?: number;
    readonly betweenChunksSeconds: number;
    readonly anyServer?: boolean;
  };
  readonly speed: number;
  readonly sync: SyncPolicy;
  readonly path: string;
  readonly disk: Disk;
  readonly machine: MachineTime;
  readonly signal: AbortSignal;
  readonly callOf: (row: number, id: string) => CompletionRequest;
  readonly observer: ProgramObserver;
}

/** What a process shows of itself. */
export interface ProgramObserver {
  /** The journal was read and the gateway rebuilt: `entries` are those that were there. */
  onRebuilt(gateway: JournaledGateway, entries: readonly Entry[]): void;
  onBegun(gateway: JournaledGateway, clock: LiveClock): void;
  onTurn(now: number): void;
  /** An attempt goes to a client, and what came of it. */
  onAttempt(id: string, server: number, abort: AbortSignal | undefined): void;
  onExchange(id: string, exchange: Exchange): void;
  onAbort(id: string): void;
}

/**
 * One process of a live run from its start to its end, put together as `live()` does it: journal,
 * gateway, clients and driver are the real ones. The machine, its disk and the network are given.
 *
 * @returns whether the run has ended; false: it was broken off
 */
export async function runProgram(options: ProgramOptions): Promise<boolean> {
  const { requests, header, path, observer, machine, signal } = options;
  const servers = header.servers.length;
  const gateway = new JournaledGateway(requests, { servers, options: options.gateway });
  let current: { now(): number } = { now: () => 0 };
  const clock = { now: () => current.now() };
  const clients = header.servers.map(({ url }) =>
    new VllmClient(url, clock, { apiKeyVariable: null, ...options.client })
  );
  try {
    let found: readonly Entry[] = [];
    const { journal } = openJournal(path, header, {
      resume: true,
      sync: options.sync,
      disk: options.disk,
      accept(content) {
        assertSameRun(content.header, header, path);
        replay(gateway, content.entries, path);
        found = content.entries;
      },
    });
    observer.onRebuilt(gateway, found);
    try {
      if (gateway.ended) return true;
      const from = gateway.lastAt;
      const running = liveClock({ from, speed: options.speed, machine });
      current = running;
      gateway.begin({ at: from, epochSeconds: machine.wall() / 1000 - from });
      observer.onBegun(gateway, running);
      return await driveInRealTime(gateway, {
        clients: clients.map((client, server) => watched(client, server, observer)),
        signal,
        probe: (server, over) => isHealthy(clients[server], {}, over),
        callOf: ({ request, attempt }) =>
          options.callOf(request, `${header.run}-${request}-${attempt}`),
        append(entries) {
          journal.append(entries);
          journal.syncIfDue();
        },
        onTurn: (now) => observer.onTurn(now),
      }, running);
    } finally {
      journal.close();
    }
  } finally {
    for (const client of clients) client.close();
  }
}

function watched(
  client: CompletionClient,
  server: number,
  observer: ProgramObserver,
): CompletionClient {
  return {
    server: client.server,
    async complete(request, options) {
      observer.onAttempt(request.id, server, options?.signal);
      options?.signal?.addEventListener("abort", () => observer.onAbort(request.id));
      const exchange = await client.complete(request, options);
      observer.onExchange(request.id, exchange);
      return exchange;
    },
  };
}
