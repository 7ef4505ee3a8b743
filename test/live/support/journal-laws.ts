import { expect } from "vitest";
import type { Entry } from "../../../src/live/journal/entry.ts";
import { JournaledGateway } from "../../../src/live/journaled-gateway.ts";
import type { GatewayOptionsInput } from "../../../src/gateway/gateway-options.ts";
import type { Workload } from "../../../src/workload/workload.ts";

const TERMINAL = ["completed", "failed", "rejected", "cancelled"];

/**
 * Everything that must hold of a finished run's journal, whatever happened. Returns the gateway that
 * it rebuilds.
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
  const gathered = new Map<number, number[]>();
  const window = gateway.dispatch?.rule === "in-flight" ? gateway.dispatch.window! : Infinity;
  for (const entry of journal) {
    if (entry.kind === "session") {
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
      expect(ends[request], "nothing is sent after its end").toBe(0);
      expect(open.has(request), "nothing is open twice").toBe(false);
      if (entry.kind === "sent") expect(takenOut.has(server), "a server that is out").toBe(false);
      attempts[request]++;
      open.add(request);
      where.set(request, server);
      const there = [...open].filter((each) => where.get(each) === server).length;
      expect(there).toBeLessThanOrEqual(window);
    }
    if (entry.kind === "retry") {
      failures[entry.request]++;
      expect(open.delete(entry.request), "what fails was open").toBe(true);
      expect(entry.due).toBeGreaterThanOrEqual(entry.at);
    }
    if (TERMINAL.includes(entry.kind)) {
      const { request } = entry as { request: number };
      ends[request]++;
      const wasOpen = open.delete(request);
      if (entry.kind === "completed") {
        expect(wasOpen, "what completes was open").toBe(true);
        expect(entry.attempt).toBe(attempts[request]);
      }
    }
  }
  expect(ends.every((count) => count === 1), "each request ends once").toBe(true);
  const most = gateway.retry?.attempts ?? 4;
  failures.forEach((count) => expect(count).toBeLessThan(most));
  attempts.forEach((count) => expect(count).toBeLessThanOrEqual(most + sessions - 1));
  const again = new JournaledGateway(workload.requests, { servers, options: gateway });
  for (const entry of journal) again.replay(entry);
  return again;
}
