import { expect, test } from "vitest";
import { effectOverLoad } from "../../src/analysis/effect-over-load.ts";
import { loadViews } from "../../src/analysis/load-views.ts";
import { starvationByGroup } from "../../src/analysis/starvation-by-group.ts";
import { L4_QWEN15_1_8B_SERVER } from "../../src/servers/continuous/presets.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { gridTable } from "../../src/sweeps/grid-table.ts";
import {
  loadGrid,
  measureCapacity,
  type NamedServer,
  stressRate,
} from "../../src/paper/load-grid.ts";
import { runSweep } from "../../src/sweeps/run-sweep.ts";
import { makeWorkload } from "../../src/sweeps/workload-source.ts";
import { CATEGORIES } from "../../src/paper/categories.ts";
import { TIERS } from "../../src/workload/tiers.ts";

const workload = { requests: 600 };
const SERVERS: readonly NamedServer[] = [
  { name: "micro-batch", base: {} },
  { name: "in-flight 8", base: { dispatch: { rule: "in-flight", window: 8 } } },
  {
    name: "pass-through",
    base: {
      dispatch: { rule: "pass-through" },
      server: { config: { ...L4_QWEN15_1_8B_SERVER, max_num_seqs: 16 } },
    },
  },
];
const rated = SERVERS.map((server) => ({
  ...server,
  capacity: measureCapacity(server, { seeds: 1, workload })[0],
}));

test("the paper's stress phase offers a request every 17.5 ms on the average", () => {
  expect(stressRate()).toBeCloseTo(1 / 0.0175, 9);
});

test("at half its capacity a server hardly lets wait, at twice it ends as fast as it can", () => {
  for (const server of rated) {
    const grid = loadGrid([server], { seeds: 1, workload, loads: [0.5, 2], policies: ["fifo"] });
    const calibrated = grid.cells.filter(({ labels }) =>
      labels.calibration === "ema" && labels.counting === "split"
    );
    const spans = calibrated.map(({ workload: source, options }) => {
      const made = makeWorkload(source);
      const { finish, phaseStart, requests } = simulate(made, options);
      const first = requests.phases[1].first;
      const count = requests.size - first;
      const seconds = finish.subarray(first).reduce((a, b) => Math.max(a, b)) - phaseStart[1];
      return { offered: count / made.requests.arrival[requests.size - 1], came: count / seconds };
    });
    expect(spans[0].offered / server.capacity, server.name).toBeCloseTo(0.5, 1);
    expect(spans[1].offered / server.capacity, server.name).toBeCloseTo(2, 0.5);
    // What has to drain at the end comes on top.
    expect(spans[1].came / server.capacity, server.name).toBeGreaterThan(0.6);
    expect(spans[1].came / server.capacity, server.name).toBeLessThan(1.05);
  }
});

test("a seed brings the same requests at every load and server, only faster", () => {
  const { cells } = loadGrid(rated, {
    ...{ seeds: 2, workload, loads: [0.5, 1], paperLoad: true },
    ...{ policies: ["fifo"], calibrations: ["ema"], countings: ["split"] },
  });
  expect(cells).toHaveLength(3 * 3 * 2);
  const made = cells.map(({ workload: source }) => makeWorkload(source));
  for (const each of made) {
    const twin = made[each.provenance.seed! - 1];
    expect(each.truth.outputTokens).toEqual(twin.truth.outputTokens);
    expect(each.requests.tier.codes).toEqual(twin.requests.tier.codes);
  }
  const last = (at: number) => made[at].requests.arrival[599];
  expect(last(0) / last(2)).toBeCloseTo(2, 9);
  // The paper's own load stands last, in multiples of the capacity.
  const paper = cells.filter(({ labels }) => labels.server === "micro-batch").at(-1)!.labels;
  expect(paper.load).toBeCloseTo(stressRate() / rated[0].capacity, 9);
  expect(paper.rate).toBeCloseTo(stressRate(), 9);
});

test("a policy whose order cannot be handed over has no cells with pass-through", () => {
  const { cells } = loadGrid(rated, {
    ...{ seeds: 1, workload, loads: [1], policies: ["fifo", "weighted"] },
  });
  const of = (server: string) =>
    new Set(
      cells.filter(({ labels }) => labels.server === server).map(({ labels }) => labels.policy),
    );
  expect(of("in-flight 8")).toEqual(new Set(["fifo", "weighted"]));
  expect(of("pass-through")).toEqual(new Set(["fifo"]));
});

test("workers give the tables that this thread gives: effects and who starves, by load", async () => {
  const grid = loadGrid(rated, {
    ...{ seeds: 2, workload, loads: [0.5, 1.3], policies: ["fifo", "sjf"], countings: ["split"] },
    summary: { starvation: true },
  });
  const [here, there] = await Promise.all(
    [0, 2].map(async (workers) => gridTable(await runSweep(grid, { workers }))),
  );
  expect(there.objects()).toEqual(here.objects());

  const views = loadViews(here);
  expect(views.map(({ server, load }) => `${server} ${load}`)).toEqual(
    SERVERS.flatMap(({ name }) => [`${name} 0.5`, `${name} 1.3`]),
  );
  const scope = { counting: "split", period: "stress" };
  const effects = effectOverLoad(views, scope).objects() as Record<string, number>[];
  const p99 = effects.filter(({ metric }) => String(metric) === "p99");
  expect(p99).toHaveLength(6);
  for (const { load, effect } of p99) {
    if (load === 0.5) expect(Math.abs(effect)).toBeLessThan(0.05);
    // SJF under sustained arrivals: the longest wait for all the others.
    else expect(effect).toBeGreaterThan(0.2);
  }
  const groups = { tiers: TIERS, categories: CATEGORIES };
  const starved = starvationByGroup(views, { ...scope, ...groups }).objects() as {
    policy: string;
    group: string;
    load: number;
    starved: number;
    longest: number;
  }[];
  const longest = (policy: string, group: string) =>
    Math.max(
      ...starved.filter((row) => row.policy === policy && row.group === group)
        .map((row) => row.longest),
    );
  expect(longest("sjf", "report")).toBeGreaterThan(3 * longest("sjf", "short_qa"));
  expect(longest("sjf", "report")).toBeGreaterThan(longest("fifo", "report"));
});
