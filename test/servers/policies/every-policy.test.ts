import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { ServerConfig } from "../../../src/servers/continuous/config.ts";
import { ContinuousEngine } from "../../../src/servers/continuous/engine.ts";
import { COMPLETED } from "../../../src/servers/continuous/request-state.ts";
import { serve } from "../../../src/servers/continuous/serve.ts";
import { SERVER_POLICIES } from "../../../src/servers/policies/registry.ts";
import { serveInBoth } from "../continuous/support/both-engines.ts";
import { randomServer } from "../continuous/support/random-server.ts";

describe.each(SERVER_POLICIES.all)("server policy $name", ({ name, title, options }) => {
  test("says its title, and has defaults for all its options", () => {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(title).toBeTruthy();
    expect(options).toBeInstanceOf(z.ZodType);
    expect(options!.safeParse({}).success).toBe(true);
    expect(options!.safeParse({ no_such_option: 1 }).success).toBe(false);
  });

  test("ends every request, and decides and times alike in both engines", () => {
    fc.assert(
      fc.property(randomServer, (server) => {
        const config = { ...server.config, scheduling_policy: name };
        const { skipping } = serveInBoth(server, config);
        expect(skipping.served.state.every((state) => state === COMPLETED)).toBe(true);
      }),
      { numRuns: 200 },
    );
  }, 300_000);

  test("lets nobody wait and run at once", () => {
    fc.assert(
      fc.property(randomServer, ({ config, workload, cost }) => {
        const waiting = new Set<number>(), running = new Set<number>();
        const server = ServerConfig.parse({ ...config, scheduling_policy: name });
        const engine = new ContinuousEngine(server, workload, {
          cost,
          stepping: "stepwise",
          observe({ step, view, running: count, waiting: queued }) {
            for (const request of step.preempted.toArray()) {
              expect(running.delete(request)).toBe(true);
              waiting.add(request);
            }
            for (const request of step.admitted.toArray()) {
              waiting.delete(request);
              expect(running.has(request)).toBe(false);
              running.add(request);
            }
            const { items, size } = view.running();
            const listed = new Set(items.subarray(0, size));
            expect(listed.size).toBe(size);
            expect(count).toBe(size);
            for (const request of running) {
              if (!listed.has(request)) running.delete(request);
            }
            expect([...running].sort((a, b) => a - b)).toEqual([...listed].sort((a, b) => a - b));
            // Whoever waits after a preemption is among those that the queue counts.
            expect(queued).toBeGreaterThanOrEqual(
              [...waiting].filter((request) => engine.state[request] !== COMPLETED).length,
            );
            for (const request of waiting) expect(listed.has(request)).toBe(false);
          },
        });
        engine.submitAll(workload.arrival, workload.priority);
        while (engine.unfinished > 0) engine.advance(Infinity);
      }),
      { numRuns: 60 },
    );
  }, 300_000);

  test("gives the same bytes for the same input", () => {
    fc.assert(
      fc.property(randomServer, ({ config, workload, cost }) => {
        const run = () => serve(workload, { ...config, scheduling_policy: name }, { cost });
        const a = run(), b = run();
        for (const column of ["scheduled", "firstToken", "finish"] as const) {
          expect(new Uint8Array(a[column].buffer)).toEqual(new Uint8Array(b[column].buffer));
        }
        expect(a.preemptions).toEqual(b.preemptions);
      }),
      { numRuns: 50 },
    );
  }, 300_000);
});
