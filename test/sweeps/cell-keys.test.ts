import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ModuleReference, withModule } from "../../src/registry/module-definition.ts";
import type { SimulateOptions } from "../../src/simulation/simulate.ts";
import { addressCells } from "../../src/sweeps/address-cells.ts";
import type { SweepCell } from "../../src/sweeps/cell.ts";
import { codeVersion, editedSince, versionOfCheckout } from "../../src/sweeps/code-version.ts";
import { decode, encode } from "../../src/sweeps/encode.ts";
import type { GridCell } from "../../src/sweeps/grid.ts";
import type { WorkloadSource } from "../../src/sweeps/workload-source.ts";

const VERSION = { codeVersion: "test" };

async function cellOf(options: unknown, cell: Partial<GridCell> = {}): Promise<SweepCell> {
  const workload: WorkloadSource = { source: "spec", spec: { requests: 1, streams: [] } };
  const cells = [{ workload, labels: { seed: 1 }, options: options as SimulateOptions, ...cell }];
  return (await addressCells({ cells }, VERSION))[0];
}
const keyOf = async (options: unknown, cell?: Partial<GridCell>) =>
  (await cellOf(options, cell)).key;

/** Values that options may have: any JSON, odd numbers, keys like marks, typed arrays. */
const { value: Value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.constantFrom(NaN, -0, Infinity, -Infinity),
    fc.array(fc.double()).map((values) => Float64Array.from(values)),
    fc.array(fc.integer()).map((values) => Int32Array.from(values)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("$column", "$", "$$x", "__proto__", "10", "9")),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
}));

/** The same value with the properties of its objects in the opposite order, and arrays copied. */
function turned(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice();
  if (Array.isArray(value)) return value.map(turned);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).reverse().map(([key, inner]) => [key, turned(inner)]);
  return Object.fromEntries(entries);
}

/** Whether two values are the same, number by number and type by type. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) {
    return a.constructor === b.constructor && bits(a) === bits(b);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return left.size === right.size &&
    [...left].every(([key, inner]) => right.has(key) && same(inner, right.get(key)));
}
const bits = (view: object) => new Uint8Array((view as Float64Array).slice().buffer).toHex();

describe("the key of a cell", () => {
  test("does not depend on the order of properties", async () => {
    await fc.assert(fc.asyncProperty(Value, async (value) => {
      expect(await keyOf({ value: turned(value) })).toBe(await keyOf({ value }));
    }));
  });

  test("depends on every value", async () => {
    await fc.assert(fc.asyncProperty(Value, Value, async (a, b) => {
      expect(await keyOf({ value: a }) === await keyOf({ value: b })).toBe(same(a, b));
    }));
  });

  test("tells numbers, texts, lists and absent values apart that JSON would write alike", async () => {
    const values = [
      NaN,
      null,
      "NaN",
      0,
      -0,
      "0",
      [],
      {},
      [null],
      [undefined],
      Infinity,
      -Infinity,
      false,
      [[]],
    ];
    const more = [new Int32Array(1), new Float64Array(1), new Uint8Array(4), { $number: "NaN" }];
    const keys = await Promise.all([...values, ...more].map((value) => keyOf({ value })));
    expect(new Set(keys).size).toBe(keys.length);
    expect(await keyOf({ value: undefined })).toBe(await keyOf({}));
  });

  test("is 32 hexadecimal digits, the same today and on every machine", async () => {
    const key = await keyOf({
      scheduler: { policy: "sjf" },
      cost: { base: Float64Array.of(1, 2) },
    });
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(key).toBe("bbf04c23e27987f1ba5a678356cc1fdc");
  });

  test("depends on workload, summary and code, not on labels and on what is kept", async () => {
    const key = await keyOf({});
    expect(await keyOf({}, { labels: { seed: 2 }, keep: true })).toBe(key);
    const spec = { requests: 2, streams: [] };
    expect(await keyOf({}, { workload: { source: "spec", spec } as never })).not.toBe(key);
    expect(await keyOf({}, { summary: { latencies: false } })).not.toBe(key);
    const cells = [{ workload: { source: "spec", spec }, options: {}, labels: {} }] as never;
    const [one] = await addressCells({ cells }, { codeVersion: "1" });
    const [two] = await addressCells({ cells }, { codeVersion: "2" });
    expect(one.key).not.toBe(two.key);
  });

  test("names modules by their text, wherever they lie", async () => {
    const at = (module: Partial<ModuleReference>) =>
      keyOf({
        policy: withModule({ name: "x" }, {
          ...{ url: "file:///a.ts", export: "default", digest: "d1" },
          ...module,
        }),
      });
    const key = await at({});
    expect(await at({ url: "file:///elsewhere/b.ts" })).toBe(key);
    expect(await at({ digest: "d2" })).not.toBe(key);
    expect(await at({ export: "other" })).not.toBe(key);
    const house = await at({ digest: null, url: "driftsched:a.ts" });
    expect(await at({ digest: null, url: "driftsched:b.ts" })).not.toBe(house);
  });

  test("is missing where a definition is a plain object: its code cannot be told", async () => {
    const policy = { name: "mine", create: () => null };
    const cell = await cellOf({ scheduler: { policy } });
    expect(cell.key).toBeNull();
    expect(cell.spec.options).toEqual({ scheduler: { policy: { $object: 0, name: "mine" } } });
    expect(cell.parts.objects.get(0)).toBe(policy);
    expect(await keyOf({ at: new Date() })).toBeNull();
  });

  test("a value that cannot be part of a cell is refused by its place", async () => {
    await expect(cellOf({ server: { steps: [1n] } }))
      .rejects.toThrow('cell of a sweep, field server.steps[0]: got "1", expected a number');
  });
});

test("a spec is JSON: columns are in it by their digest, once", async () => {
  const base = new Float64Array(1000);
  const { spec, parts } = await cellOf({ cost: { base, perContextToken: base.slice() } });
  expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
  expect(JSON.stringify(spec).length).toBeLessThan(400);
  expect(parts.columns.size).toBe(1);
});

test("what is encoded comes back to the bit", () => {
  fc.assert(fc.property(Value, (value) => {
    const columns: unknown[] = [];
    const refuse = () => {
      throw new Error("nothing else is in it");
    };
    const json = encode(value, {
      column: (values) => ({ $column: columns.push(values) - 1 }),
      module: refuse,
      object: refuse,
    })!;
    const back = decode(JSON.parse(JSON.stringify(json)), (mark) => columns[Number(mark.$column)]);
    expect(same(back, value)).toBe(true);
  }));
});

describe("the version of the code", () => {
  test("is that of the checkout, 16 hexadecimal digits", () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    expect(codeVersion()).toMatch(/^[0-9a-f]{16}$/);
    expect(versionOfCheckout(root)).toBe(codeVersion());
  });

  test("changes with what can change a result, and with nothing else", async () => {
    const root = await Deno.makeTempDir();
    const write = async (path: string, text: string) => {
      await Deno.mkdir(dirname(join(root, path)), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    };
    const paths = (kind: "in" | "out") => ({
      in: ["src/policies/sjf.ts", "src/paper/workload.ts", "data/words.json", "deno.lock"],
      out: ["src/figures/tail.ts", "src/notebook/show.ts", "data/trace.csv", "README.md"],
    }[kind]);
    try {
      for (const path of [...paths("in"), ...paths("out")]) await write(path, "1");
      const versions = [versionOfCheckout(root)];
      for (const path of paths("out")) {
        await write(path, "2");
        expect(versionOfCheckout(root), path).toBe(versions[0]);
      }
      for (const path of [...paths("in"), "src/policies/new.ts"]) {
        await write(path, "2");
        const now = versionOfCheckout(root);
        expect(versions, path).not.toContain(now);
        versions.push(now);
      }
      expect(editedSince(Date.now() + 10_000, root)).toBeNull();
      const later = new Date(Date.now() + 60_000);
      await Deno.utime(join(root, "src/figures/tail.ts"), later, later);
      expect(editedSince(Date.now() + 10_000, root)).toBeNull();
      await Deno.utime(join(root, "src/policies/sjf.ts"), later, later);
      expect(editedSince(Date.now() + 10_000, root)).toBe("src/policies/sjf.ts");
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  });
});
