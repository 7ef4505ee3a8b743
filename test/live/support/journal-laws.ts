import type { Entry } from "../../../src/live/journal/entry.ts";
import { JournaledGateway } from "../../../src/live/journaled-gateway.ts";
import type { GatewayOptionsInput } from "../../../src/gateway/gateway-options.ts";
import type { Workload } from "../../../src/workload/workload.ts";

/** Something that must hold in every run does not. */
export class BrokenLaw extends Error {
  override readonly name = "BrokenLaw";
}

/** Throws a {@link BrokenLaw} that says what should hold, where it does not. */
export function law(holds: boolean, what: string): void {
  if (!holds) throw new BrokenLaw(what);
}

const TERMINAL = ["completed", "failed", "rejected", "cancelled"];

/**
 * Everything that must hold of a finished run's journal, whatever happened; throws a
 * {@link BrokenLaw}. Returns the gateway that it rebuilds.
 */
export function checkLaws(
  workload: Workload,
  journal: readonly Entry[],
  { gateway, servers }: { readonly gateway: GatewayOptionsInput; readonly servers: number },
): JournaledGateway {
  const sessions = journal.filter(({ kind }) => kind === "session").length;
  const ends = new Int32Array(workload.requests.size);
  const failures = new Int32Array(workload.requests.size);
  const attempts = new Int32Array(workload.requests.size);
  const open = new Set<number>();
  const where = new Map<number, number>();
  const takenOut = new Set<number>();
  const heldUntil = new Map<number, number>();
  let before = 0;
  const gathered = new Map<number, number[]>();
  const window = gateway.dispatch?.rule === "in-flight" ? gateway.dispatch.window! : Infinity;
  for (const entry of journal) {
    // An arrival says when it was due, a phase when its clock will start.
    if (!["arrived", "answered-ahead", "phase"].includes(entry.kind)) {
      law(entry.at >= before, `time goes on: ${entry.kind} at ${entry.at} after ${before}`);
      before = entry.at;
    }
    if (entry.kind === "hold") {
      heldUntil.set(entry.server, Math.max(entry.until, heldUntil.get(entry.server) ?? 0));
    }
    if (entry.kind === "session") {
      heldUntil.clear();
      open.clear();
      takenOut.clear();
      gathered.clear();
    }
    if (entry.kind === "out") takenOut.add(entry.server);
    if (entry.kind === "in") takenOut.delete(entry.server);
    if (entry.kind === "pulled") {
      gathered.set(entry.server, [...gathered.get(entry.server) ?? [], entry.request]);
    }
    const sent = entry.kind === "sent" ? [entry.request] : [];
    if (entry.kind === "batch") {
      sent.push(...gathered.get(entry.server)!);
      gathered.delete(entry.server);
    }
    for (const request of sent) {
      const { server } = entry as { server: number };
      law(ends[request] === 0, `request ${request} is not sent after its end`);
      law(!open.has(request), `request ${request} is not open twice`);
      law(
        entry.kind !== "sent" || !takenOut.has(server),
        `nothing is sent to server ${server} while it is out`,
      );
      law(
        entry.kind !== "sent" || entry.at >= (heldUntil.get(server) ?? 0),
        `server ${server} is left alone for as long as it asked`,
      );
      attempts[request]++;
      open.add(request);
      where.set(request, server);
      const there = [...open].filter((each) => where.get(each) === server).length;
      law(there <= window, `no more than ${window} are open at server ${server}`);
    }
    if (entry.kind === "retry") {
      failures[entry.request]++;
      law(open.delete(entry.request), `request ${entry.request}, which fails, was open`);
      law(entry.due >= entry.at, `request ${entry.request} is due after it has failed`);
    }
    if (TERMINAL.includes(entry.kind)) {
      const { request } = entry as { request: number };
      ends[request]++;
      const wasOpen = open.delete(request);
      if (entry.kind === "completed") {
        law(wasOpen, `request ${request}, which completes, was open`);
        law(
          entry.attempt === attempts[request],
          `request ${request} completes by its last attempt`,
        );
      }
    }
  }
  law(ends.every((count) => count === 1), "each request ends once");
  const most = gateway.retry?.attempts ?? 4;
  law(failures.every((count) => count < most), `no request fails ${most} times and is tried again`);
  law(
    attempts.every((count) => count <= most + sessions - 1),
    `no request is tried more than ${most} times, and once more a session`,
  );
  const again = new JournaledGateway(workload.requests, { servers, options: gateway });
  for (const entry of journal) again.replay(entry);
  return again;
}
