import { expect, test } from "vitest";
import { measureCapacity, type NamedServer } from "../../src/paper/load-grid.ts";
import { rateServers } from "../../src/paper/rate-servers.ts";
import { serverCapacities } from "../../src/paper/tables/server-capacities.ts";
import { PaperWorkloadParameters } from "../../src/paper/workload.ts";
import { mean } from "../../src/statistics/quantile.ts";

const workload = { requests: 300 };
const SERVERS: readonly NamedServer[] = [
  { name: "micro-batch", base: {} },
  { name: "in-flight 8", base: { dispatch: { rule: "in-flight", window: 8 } } },
];

test("the capacity is the mean over the seeds, inside its interval", () => {
  const rated = rateServers(SERVERS, { seeds: 3, workload });
  for (const [i, { name, base, capacity, interval }] of rated.entries()) {
    const bySeed = measureCapacity(SERVERS[i], { seeds: 3, workload });
    expect({ name, base }).toEqual(SERVERS[i]);
    expect(capacity).toBeCloseTo(mean(bySeed), 12);
    expect(interval.n).toBe(3);
    expect(interval.low).toBeGreaterThan(Math.min(...bySeed) - 1e-9);
    expect(interval.high).toBeLessThan(Math.max(...bySeed) + 1e-9);
  }
});

test("the table gives the paper's load as a multiple of the capacity", () => {
  const interval = { effect: 4, low: 3.5, high: 4.5, n: 3 };
  const rated = [{ name: "s", base: {}, capacity: 4, interval }];
  // A request every 0.1 to 0.15 s are 8 a second: twice the capacity.
  const stress = { ...PaperWorkloadParameters.parse({}).stress, gapMin: 0.1, gapMax: 0.15 };
  const table = serverCapacities(rated, { stress });
  expect(table.objects()).toEqual([{
    server: "s",
    "requests a second": 4,
    low: 3.5,
    high: 4.5,
    "load of the paper's stress phase": "2.0 × capacity",
  }]);
});
