import { transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { CORE } from "./support/core-rooms.ts";
import { type ModuleImports, sourceGraph } from "./support/module-graph.ts";

/** The ground floor, on which every room may stand, and which stands on nothing but itself. */
const GROUND = [
  "errors",
  "math",
  "random",
  "csv",
  "collections",
  "statistics",
  "registry",
] as const;

/**
 * Who may import whom, besides the ground floor. What a room may import, it may import through;
 * departures from the design's table say why.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(GROUND.map((room) => [room, []])),
  workload: [],
  estimation: ["workload"],
  policies: ["workload"],
  gateway: ["estimation", "policies"],
  servers: ["workload"],
  runs: ["workload"],
  // The gateway in front of simulated servers, in virtual time: comes out as a Run.
  simulation: ["gateway", "servers", "runs"],
  // Errors of estimates, and the sides that tables of requests compare, are the analysis's.
  fidelity: ["simulation", "analysis"],
  // Alternatives to what a log records, on servers in doubt; tables of them.
  "what-if": ["fidelity"],
  // Tables take names and order of policies and calibrators from their registries.
  analysis: ["runs", "policies", "estimation"],
  // A worker sums its runs up, so that a sweep keeps numbers and not columns; executors and stores use
  // the disk.
  sweeps: ["simulation", "analysis", "files"],
  figures: ["analysis", "policies"],
  // The edge: bytes of files. Recordings and server files are read by the room that predicts them.
  files: ["workload", "runs", "fidelity"],
  // A live run ends as a Run like a simulated one.
  // Processes that end with this one.
  processes: [],
  live: ["simulation", "files"],
  twin: ["servers", "live", "files"],
  notebook: ["figures", "files", "runs"],
  reports: ["notebook", "figures", "files", "processes"],
  // All that is DriftSched's own: nobody above imports it.
  paper: ["sweeps", "what-if", "figures", "live", "twin"],
};

/**
 * What people and tools start may import every room; `traces` puts the formats of all rooms together,
 * `api` their names for notebooks.
 */
const OUTSIDE = ["mod.ts", "core.ts", "worker.ts", "api", "tasks", "bench", "traces"];

function reachable(room: string, seen = new Set<string>(GROUND)): Set<string> {
  for (const next of MAY_IMPORT[room]) {
    if (!seen.has(next)) reachable(next, seen.add(next));
  }
  return seen;
}

let graph: readonly ModuleImports[];
beforeAll(async () => {
  graph = await sourceGraph();
});

const inRooms = (rooms: readonly string[]) => graph.filter(({ room }) => rooms.includes(room));

test("the graph is read whole: known edges are in it, types too", () => {
  const fifo = graph.find(({ path }) => path === "policies/fifo.ts");
  expect(fifo?.imports.map(({ target }) => target)).toEqual(
    expect.arrayContaining(["policies/policy.ts", "policies/single-queue.ts"]),
  );
  expect(graph.length).toBeGreaterThan(80);
});

test("every folder of src is a room of the design", () => {
  const known = [...Object.keys(MAY_IMPORT), ...OUTSIDE];
  expect(graph.map(({ room }) => room).filter((room) => !known.includes(room))).toEqual([]);
});

function unallowed(graph: readonly ModuleImports[]): string[] {
  return graph.filter(({ room }) => room in MAY_IMPORT).flatMap(({ path, room, imports }) => {
    const allowed = reachable(room).add(room);
    return imports.filter((each) => each.room !== null && !allowed.has(each.room))
      .map(({ target }) => `${path} imports ${target}`);
  });
}

test("a room imports only rooms that the design allows it", () => {
  expect(unallowed(graph)).toEqual([]);
});

test.each([
  ["policies/fifo.ts", "gateway/scheduler.ts"],
  ["workload/workload.ts", "runs/run.ts"],
  ["analysis/latency.ts", "simulation/simulate.ts"],
  ["simulation/simulate.ts", "files/files.ts"],
  ["notebook/publisher.ts", "reports/run-notebook.ts"],
  ["sweeps/grid.ts", "paper/policies.ts"],
  ["statistics/quantile.ts", "workload/workload.ts"],
])("an import that turns the flow round is found: %s of %s", (path, target) => {
  const [room, other] = [path, target].map((each) => each.split("/")[0]);
  const planted = { path, room, imports: [{ specifier: target, room: other, target }] };
  expect(unallowed([planted])).toEqual([`${path} imports ${target}`]);
});

test("no room but those outside imports the paper's", () => {
  const wrong = graph.filter(({ room }) => room !== "paper" && !OUTSIDE.includes(room))
    .flatMap(({ path, imports }) =>
      imports.filter((each) => each.room === "paper").map(({ target }) =>
        `${path} imports ${target}`
      )
    );
  expect(wrong).toEqual([]);
});

test("no file imports itself through others", () => {
  const importsOf = new Map(graph.map(({ path, imports }) => [path, imports]));
  const state = new Map<string, "open" | "done">();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      circles.push([...way.slice(way.indexOf(path)), path].join(" → "));
      return;
    }
    state.set(path, "open");
    for (const { target } of importsOf.get(path) ?? []) visit(target, [...way, path]);
    state.set(path, "done");
  };
  for (const path of importsOf.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

test("nobody imports a task, and mod.ts is for notebooks", () => {
  const wrong = graph.flatMap(({ path, room, imports }) =>
    imports.filter((each) => each.room === "mod.ts" || each.room === "tasks" && room !== "tasks")
      .map(({ target }) => `${path} imports ${target}`)
  );
  expect(wrong).toEqual([]);
});

test("the core imports no module of Node or Deno, and no file outside src but data", () => {
  const data = new URL("../data/", import.meta.url).href;
  const wrong = inRooms(CORE).flatMap(({ path, imports }) =>
    imports.filter(({ room, target }) =>
      room === null && !target.startsWith("npm:") &&
      !(target.startsWith(data) && target.endsWith(".json"))
    ).map(({ target }) => `${path} imports ${target}`)
  );
  expect(wrong).toEqual([]);
});

/** Code of the core's files without comments; `except`: starts of paths, with the reason. */
async function coreCode(except: Readonly<Record<string, string>> = {}) {
  const files = inRooms(CORE).filter(({ path }) =>
    !Object.keys(except).some((start) => path.startsWith(start))
  );
  return await Promise.all(files.map(async ({ path }) => {
    const text = await Deno.readTextFile(new URL(`../src/${path}`, import.meta.url));
    const { code } = await transform(text, { loader: "ts", minifyWhitespace: true });
    return { path, code };
  }));
}

/** `path: match` for every file in which the pattern is found. */
function matches(files: readonly { path: string; code: string }[], pattern: RegExp): string[] {
  return files.flatMap(({ path, code }) => {
    const found = pattern.exec(code);
    return found === null ? [] : [`${path}: ${found[0]}`];
  });
}

describe("the code of the core, comments left out, names", () => {
  test.each([
    ["no API of Deno or Node", /\bDeno\.|\bprocess\.|\bBuffer\.|\b__dirname\b|["']node:/],
    ["no network, file or storage", /\bfetch\(|XMLHttpRequest|WebSocket|localStorage|indexedDB/],
    [
      "no clock and no unnamed random number",
      /Math\.random|\bDate\.now|\bnew Date(?!\([^)])|performance\.now|randomUUID/,
    ],
  ])("%s", async (_what, forbidden) => {
    expect(matches(await coreCode(), forbidden)).toEqual([]);
  });

  test("no function whose last bit the engine may choose: src/math has its own", async () => {
    const files = await coreCode({
      "figures/": "coordinates are rounded to 1/100 pixel and texts to a few digits",
      "paper/figures/": "the same",
      "servers/continuous/bench/": "times, not results",
      "servers/continuous/finish-calendar.ts": "the size of a buffer",
    });
    const free = "exp|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|" +
      "tanh|asinh|acosh|atanh|cbrt|hypot";
    expect(matches(files, new RegExp(`Math\\.(?:${free})\\(`))).toEqual([]);
  });

  test("a match is found where there is one", () => {
    const planted = [{ path: "a.ts", code: "let t=Date.now()" }, { path: "b.ts", code: "let u=1" }];
    expect(matches(planted, /\bDate\.now/)).toEqual(["a.ts: Date.now"]);
  });
});
