import { transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { CORE } from "./support/core-rooms.ts";
import { type ModuleImports, sourceGraph } from "./support/module-graph.ts";

/**
 * The design's table of who may import whom, besides `errors`, `math`, `random` and `csv`, on which all stand.
 * What a room may import, it may import through; departures from the table say why.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  math: [],
  random: [],
  csv: [],
  workload: [],
  estimation: ["workload"],
  policies: ["workload"],
  scheduler: ["estimation", "policies"],
  runs: ["workload"],
  // simulate() returns a Run.
  engines: ["scheduler", "runs"],
  vllm: ["scheduler", "engines", "runs", "files"],
  // A worker sums its runs up, so that a sweep keeps numbers and not columns.
  sweeps: ["engines", "runs", "analysis"],
  analysis: ["runs"],
  // Figures take names, titles and order of the policies from the registry.
  figures: ["analysis", "policies"],
  // The edge: bytes of files, and what is published of figures. Recordings of servers and server
  // files are read by the engines that simulate them.
  files: ["workload", "runs", "engines"],
  reports: ["figures", "files"],
};

/** Rooms that may import every other: what people and tools start. */
const OUTSIDE = ["mod.ts", "tasks", "bench"];

function reachable(room: string, seen = new Set(["errors", "math", "random", "csv"])): Set<string> {
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
  ["policies/fifo.ts", "scheduler/scheduler.ts"],
  ["workload/workload.ts", "runs/run.ts"],
  ["analysis/latency.ts", "engines/simulate.ts"],
  ["engines/simulate.ts", "files/files.ts"],
])("an import that turns the flow round is found: %s of %s", (path, target) => {
  const [room, other] = [path, target].map((each) => each.split("/")[0]);
  const planted = { path, room, imports: [{ specifier: target, room: other, target }] };
  expect(unallowed([planted])).toEqual([`${path} imports ${target}`]);
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
      "engines/continuous/bench/": "times, not results",
      "engines/continuous/finish-calendar.ts": "the size of a buffer",
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
