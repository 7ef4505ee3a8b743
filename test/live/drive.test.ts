import { expect, test } from "vitest";
import { driveInRealTime, type Outside } from "../../src/live/drive.ts";
import type { Entry } from "../../src/live/journal/entry.ts";
import { JournaledGateway } from "../../src/live/journaled-gateway.ts";
import { liveClock } from "../../src/live/live-clock.ts";
import type { MachineTime } from "../../src/live/machine-time.ts";
import { handWorkload } from "../support/workloads.ts";

/** A machine whose clocks stand until a test moves them, and whose timers never fire. */
function standingMachine() {
  const machine = {
    milliseconds: 0,
    unix: 1e12,
    monotonic: () => machine.milliseconds,
    wall: () => machine.unix,
    after: () => () => {},
    every: () => () => {},
    soon: () => {},
  };
  return machine satisfies MachineTime;
}

test("a run that is broken off still tells of a clock that was set before its next turn", async () => {
  const { requests } = handWorkload({ arrival: [100] });
  const gateway = new JournaledGateway(requests, { servers: 1, options: {} });
  const machine = standingMachine();
  const abort = new AbortController();
  const entries: Entry[] = [];
  const outside: Outside = {
    clients: [],
    signal: abort.signal,
    probe: () => Promise.resolve(true),
    callOf: () => expect.unreachable(),
    append: (more) => void entries.push(...more),
  };
  gateway.begin({ at: 0, epochSeconds: 0 });
  const driving = driveInRealTime(gateway, outside, liveClock({ machine }));
  machine.milliseconds += 250;
  machine.unix += 250 + 60_000;
  abort.abort();
  expect(await driving).toBe(false);
  expect(entries.at(-1)).toMatchObject({ kind: "note", what: "wall-clock-jump", seconds: 60 });
});

test("asking a server whether it is well ends with the run", async () => {
  const { requests } = handWorkload({ arrival: [0] });
  const gateway = new JournaledGateway(requests, {
    servers: 1,
    options: { retry: { attempts: 9, baseSeconds: 0.001 }, health: { probeSeconds: 0.001 } },
  });
  const abort = new AbortController();
  let asked: AbortSignal | null = null;
  gateway.begin({ at: 0, epochSeconds: 0 });
  const driving = driveInRealTime(gateway, {
    clients: [{
      server: "http://nobody",
      complete: () => Promise.resolve(refused),
    }],
    signal: abort.signal,
    probe: (_server, over) => {
      asked = over;
      setTimeout(() => abort.abort(), 1);
      return new Promise(() => {});
    },
    callOf: ({ request }) => ({
      id: String(request),
      model: "m",
      endpoint: "completions",
      prompt: "x",
      maxTokens: 1,
    }),
    append: () => {},
  }, liveClock());
  expect(await driving).toBe(false);
  expect((asked as AbortSignal | null)?.aborted).toBe(true);
});

const refused = {
  requestId: "0",
  server: "http://nobody",
  outcome: { kind: "failed", reason: "refused", message: "nobody listens" },
  status: null,
  sent: 0,
  headers: NaN,
  firstToken: NaN,
  lastToken: NaN,
  ended: 0,
  chunks: {
    size: 0,
    first: NaN,
    gaps: new Uint32Array(0),
    kinds: new Uint8Array(0),
    tokens: null,
  },
  finishReason: null,
  stopReason: null,
  usage: null,
  serverMetrics: null,
  doubts: [],
  words: 0,
  text: null,
  bytes: 0,
} as const;
