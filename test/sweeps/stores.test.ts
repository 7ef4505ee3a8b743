import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { paperGrid } from "../../src/paper/grid.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { plainRun } from "../../src/sweeps/executors/plain-run.ts";
import { runSweep } from "../../src/sweeps/run-sweep.ts";
import { defaultStore } from "../../src/sweeps/stores/default-store.ts";
import { FolderStore } from "../../src/sweeps/stores/folder-store.ts";
import { MemoryStore } from "../../src/sweeps/stores/memory-store.ts";
import { noStore } from "../../src/sweeps/stores/no-store.ts";
import { pack, unpack } from "../../src/sweeps/stores/pack.ts";
import type { ResultStore, StoredResult } from "../../src/sweeps/stores/result-store.ts";

const KEY = "00ff".repeat(8);
const OTHER = "11ee".repeat(8);
const run = plainRun(simulate(paperWorkload({ requests: 60 })));
/** A payload in a NaN, the smallest number, a zero with a sign: all to the bit. */
const values = new Float64Array(new BigUint64Array([0x7ff8000000000123n, 1n, 1n << 63n]).buffer);
const result: StoredResult = { names: ["mae", "e2e.p99[phase=a\nb,tier=ü]", "makespan"], values };

const bits = (numbers: Float64Array) => new Uint8Array(numbers.slice().buffer).toHex();

let folder: string;
beforeEach(async () => {
  folder = await Deno.makeTempDir();
});
afterEach(async () => {
  await Deno.remove(folder, { recursive: true });
});

const STORES: [string, () => ResultStore][] = [
  ["memory", () => new MemoryStore()],
  ["folder", () => new FolderStore(join(folder, "cells"))],
];

describe.each(STORES)("a store in %s", (_name, open) => {
  test("gives back what was put, to the bit", async () => {
    const store = open();
    expect(await store.get(KEY)).toBeNull();
    await store.put(KEY, result);
    const found = (await store.get(KEY))!;
    expect(found.names).toEqual(result.names);
    expect(bits(found.values)).toBe(bits(values));
    expect(await store.get(OTHER)).toBeNull();
  });

  test("has a result without its run for who wants no run, and none for who does", async () => {
    const store = open();
    await store.put(KEY, result);
    expect(await store.get(KEY, { run: true })).toBeNull();
    await store.put(KEY, { ...result, run });
    expect((await store.get(KEY, { run: true }))!.run).toEqual(run);
    expect((await store.get(KEY))!.names).toEqual(result.names);
  });
});

async function filesOf(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (isDirectory) found.push(...await filesOf(join(path, name)));
    else found.push(join(path, name));
  }
  return found.sort();
}

describe("a folder of results", () => {
  test("is read by another process's store, and holds nothing but results", async () => {
    await new FolderStore(folder).put(KEY, { ...result, run });
    expect(await filesOf(folder)).toEqual(
      [".cell", ".run"].map((kind) => join(folder, "00", KEY + kind)),
    );
    expect((await new FolderStore(folder).get(KEY, { run: true }))!.run).toEqual(run);
  });

  test("a torn, altered or foreign file is as if it were not there, and is written anew", async () => {
    const store = new FolderStore(folder);
    await store.put(KEY, result);
    const [path] = await filesOf(folder);
    const whole = await Deno.readFile(path);
    const altered = whole.slice();
    altered[whole.length - 1] ^= 1;
    const spoilt = [
      new Uint8Array(0),
      whole.slice(0, 50),
      whole.slice(0, -1),
      altered,
      new TextEncoder().encode("{}".repeat(500)),
      await pack({ names: ["a"], values: "b" }),
      await pack({ names: ["a", "b"], values: new Float64Array(1) }),
      await pack(null),
    ];
    for (const bytes of spoilt) {
      await Deno.writeFile(path, bytes);
      expect(await store.get(KEY)).toBeNull();
      await store.put(KEY, result);
      expect(bits((await store.get(KEY))!.values)).toBe(bits(values));
    }
  });

  test("holds no more than it may: what was written longest ago goes first", async () => {
    const filler = { names: ["a"], values: new Float64Array(1) };
    const store = new FolderStore(folder);
    const keys = ["aa", "bb", "cc"].map((part) => part.repeat(16));
    for (const [i, key] of keys.entries()) {
      await store.put(key, filler);
      await Deno.utime(join(folder, key.slice(0, 2), `${key}.cell`), 1000 + i, 1000 + i);
    }
    const { size } = await Deno.stat(join(folder, "aa", `${keys[0]}.cell`));
    await new FolderStore(folder, { maxBytes: 2 * size }).put(KEY, filler);
    expect(await store.get(keys[0])).toBeNull();
    for (const key of [keys[1], keys[2], KEY]) expect(await store.get(key)).not.toBeNull();
  });

  test("is rid of what a process that died was writing, once nobody can be writing it", async () => {
    await new FolderStore(folder).put(KEY, result);
    const [path] = await filesOf(folder);
    const [old, young] = [0, 1].map(() => `${path}.${crypto.randomUUID()}.partial`);
    for (const half of [old, young]) await Deno.writeTextFile(half, "half");
    await Deno.utime(old, 1000, 1000);
    await new FolderStore(folder).put(KEY, result);
    expect(await filesOf(folder)).toEqual([path, young]);
  });

  test("can be emptied, and used again", async () => {
    const store = new FolderStore(folder);
    await store.put(KEY, result);
    await store.clear();
    expect(await store.get(KEY)).toBeNull();
    await store.put(KEY, result);
    expect(await store.get(KEY)).not.toBeNull();
  });

  test("removes nothing that is not its own, though it is pointed at somebody's folder", async () => {
    const mine = [
      "thesis.tex",
      "aa/notes.txt",
      "aa/bb0000000000.cell",
      "ab/cd/ab00000000.cell",
      "aa.cell",
      "aa/x.partial",
      "aa/aa00.partial",
    ].map((name) => join(folder, name));
    for (const path of mine) {
      await Deno.mkdir(join(path, ".."), { recursive: true });
      await Deno.writeTextFile(path, "x".repeat(5000));
      await Deno.utime(path, 1, 1);
    }
    const store = new FolderStore(folder, { maxBytes: 1000 });
    await store.put("aa".repeat(16), result);
    await new FolderStore(folder, { maxBytes: 0 }).put(KEY, result);
    expect(await store.get("aa".repeat(16)), "what is its own has gone").toBeNull();
    await store.clear();
    expect((await filesOf(folder)).sort()).toEqual(mine.sort());
  });

  test("says in words why it can keep nothing", async () => {
    await Deno.writeTextFile(join(folder, "file"), "");
    await expect(new FolderStore(join(folder, "file")).put(KEY, result)).rejects.toThrow(
      `can't keep a result in ${join(folder, "file")}: a part of the path is a file, not a folder`,
    );
  });

  test("refuses a key that is not one: it would become a path", async () => {
    await expect(new FolderStore(folder).get("../../etc")).rejects.toThrow("Not a key of a cell");
  });
});

test("a process that is killed leaves what it has done, and the next sweep goes on there", async () => {
  const script = fileURLToPath(new URL("killed.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", script, folder],
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream());
  let said = "";
  for await (const text of lines) {
    said += text;
    if (said.includes("\n100\n")) break;
  }
  child.kill("SIGKILL");
  await child.status;
  const files = await filesOf(folder);
  const done = files.filter((path) => path.endsWith(".cell")).length;
  expect(done).toBeGreaterThan(50);
  expect(done).toBeLessThan(400);

  const grid = paperGrid({ seeds: 20, workload: { requests: 300 } });
  const store = new FolderStore(folder);
  let puts = 0;
  const counting: ResultStore = {
    get: (key, options) => store.get(key, options),
    put: (key, each) => {
      puts++;
      return store.put(key, each);
    },
  };
  const resumed = await runSweep(grid, { workers: 2, store: counting });
  expect(puts).toBe(400 - done);
  expect(resumed).toEqual(await runSweep(grid, { workers: 2 }));
});

test("no store keeps nothing", async () => {
  await noStore.put(KEY, result);
  expect(await noStore.get(KEY)).toBeNull();
});

test("bytes are the same for the same value, and columns come back aligned", async () => {
  const value = { a: Uint8Array.of(1, 2, 3), b: Float64Array.of(NaN, -0), c: [Int32Array.of(7)] };
  const bytes = await pack(value);
  expect(await pack(structuredClone(value))).toEqual(bytes);
  expect(await unpack(bytes)).toEqual(value);
  expect(await unpack(bytes.subarray(8))).toBeNull();
});

describe("the store that sweeps use", () => {
  const before = Deno.env.get("DRIFTSCHED_STORE");
  afterEach(() => {
    if (before === undefined) Deno.env.delete("DRIFTSCHED_STORE");
    else Deno.env.set("DRIFTSCHED_STORE", before);
  });

  test("is none for off, a folder that is named, or runs/cells of the checkout", () => {
    Deno.env.set("DRIFTSCHED_STORE", "off");
    expect(defaultStore()).toBe(noStore);
    Deno.env.set("DRIFTSCHED_STORE", folder);
    expect((defaultStore() as FolderStore).folder).toBe(folder);
    Deno.env.delete("DRIFTSCHED_STORE");
    expect((defaultStore() as FolderStore).folder).toMatch(/runs\/cells\/?$/);
  });
});
