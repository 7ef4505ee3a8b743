import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FleetView } from "../../src/gateway/routers/router.ts";
import { ROUTERS } from "../../src/gateway/routers/registry.ts";
import { choose } from "../../src/registry/choice.ts";
import { paperWorkload } from "../../src/paper/workload.ts";

const { requests } = paperWorkload({ requests: 50 });

const fleet = fc.array(
  fc.record({ open: fc.nat(5), takes: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
).filter((servers) => servers.some(({ takes }) => takes));

/** Servers as a gateway shows them, and nothing else. */
function viewOf(servers: readonly { readonly open: number; readonly takes: boolean }[]) {
  const view: FleetView = {
    size: servers.length,
    open: (server) => servers[server].open,
    takes: (server) => servers[server].takes,
  };
  return view;
}

describe.each(ROUTERS.names)("%s", (name) => {
  const { definition, options } = choose(name, {
    registry: ROUTERS,
    standard: ROUTERS.all[0],
    file: "test",
  });

  test("chooses a server that takes requests, the same one for the same history", () => {
    fc.assert(fc.property(fc.array(fleet, { maxLength: 30 }), (history) => {
      const [one, other] = [0, 1].map(() => definition.create(requests, options));
      history.forEach((servers, i) => {
        const request = i % requests.size;
        const server = one.choose(request, i, viewOf(servers));
        expect(servers[server]?.takes).toBe(true);
        expect(other.choose(request, i, viewOf(servers))).toBe(server);
      });
    }));
  });
});

test("least open takes the fewest open among those that take, the first of equals", () => {
  const router = ROUTERS.named("least-open").create(requests, {});
  fc.assert(fc.property(fleet, (servers) => {
    const open = servers.map((server) => server.takes ? server.open : Infinity);
    expect(router.choose(0, 0, viewOf(servers))).toBe(open.indexOf(Math.min(...open)));
  }));
});
