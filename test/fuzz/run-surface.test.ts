import { expect, test } from "vitest";
import { uniformInt } from "../../src/random/substream.ts";
import { attackInThread } from "./attack-in-thread.ts";
import { attack } from "./run-surface.ts";
import { shrunk } from "./shrink.ts";
import { mutated } from "./mutate.ts";
import type { Input, Surface } from "./surface.ts";

const encoder = new TextEncoder();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A surface whose inputs are words, and that breaks as it is told. */
function surfaceOf(check: (word: string) => string | null | Promise<string | null>): Surface {
  return {
    name: "words",
    promise: "none",
    shrinks: true,
    open: () =>
      Promise.resolve({
        seeds: [],
        draw: (random): Input => ({
          kind: "word",
          bytes: encoder.encode(
            Array.from({ length: 40 }, () => "xyz,\n"[uniformInt(random, 5)]).join(""),
          ),
        }),
        check: async ({ bytes }) => await check(text(bytes)),
        close: () => Promise.resolve(),
      }),
  };
}

test("what breaks a promise is told once, made small, with the command that repeats it", async () => {
  const surface = surfaceOf((word) => word.includes("zz") ? `two of z in ${word.length}` : null);
  const { findings, inputs } = await attack(surface, { seed: 5, inputs: 50 });
  expect(inputs).toBe(50);
  expect(findings).toHaveLength(1);
  const [{ bytes, input, count, command, broken }] = findings;
  expect(text(bytes)).toBe("zz");
  expect(count).toBeGreaterThan(5);
  expect(broken).toContain("two of z");
  expect(command).toBe(`deno task fuzz --surface words --seed 5 --input ${input}`);
  const again = await attack(surface, { seed: 5, first: input as number, inputs: 1 });
  expect(again.findings).toMatchObject([{ input, broken, count: 1 }]);
});

test("an exception, and one that nobody catches, break every promise", async () => {
  const throwing = surfaceOf((word) => {
    if (word.length > 20) throw new RangeError("too long");
    return null;
  });
  const [thrown] = (await attack(throwing, { seed: 1, inputs: 3 })).findings;
  expect(thrown.broken).toContain("threw RangeError: too long");
  expect(thrown.bytes).toHaveLength(21);
});

test("the inputs of a seed are the same whatever is tried before", async () => {
  const seen: string[][] = [];
  for (const first of [0, 0, 3]) {
    const words: string[] = [];
    const surface = surfaceOf((word) => {
      words.push(word);
      return null;
    });
    await attack(surface, { seed: 9, first, inputs: 6 - first });
    seen.push(words);
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0].slice(3));
  expect(new Set(seen[0]).size).toBe(6);
});

test("parts that do not matter are left out, and what has to stay becomes plain", async () => {
  const bad = (bytes: Uint8Array) => Promise.resolve(/\{.*\}/s.test(text(bytes)));
  expect(text(await shrunk(encoder.encode("abc{def\nghi}jkl".repeat(3)), bad))).toBe("{}");
  const long = (bytes: Uint8Array) => Promise.resolve(bytes.length >= 5);
  expect(text(await shrunk(encoder.encode("0123456789"), long))).toBe("aaaaa");
});

test("changes change something, and no input grows without end", () => {
  const random = { next: mulberry(3) };
  const seed = encoder.encode('{"a":1,"b":"x"}\nc,2,3\n');
  let same = 0;
  for (let i = 0; i < 2000; i++) {
    const bytes = mutated(seed, random);
    expect(bytes.length).toBeLessThanOrEqual(256 * 1024);
    if (text(bytes) === text(seed)) same++;
  }
  expect(same).toBeLessThan(200);
});

/** Another source of numbers than ours. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

test("an input that never ends ends its thread, and is the finding", async () => {
  const worker = new URL(
    `data:text/javascript,${
      encodeURIComponent(
        'self.onmessage = () => { self.postMessage({ input: "words 4" }); setTimeout(() => { for (;;); }, 20) }',
      )
    }`,
  );
  const { findings } = await attackInThread("words", { seed: 2 }, { silence: 400, worker });
  expect(findings).toMatchObject([{
    input: 4,
    broken: "does not end in 0.4 s",
    command: "deno task fuzz --surface words --seed 2 --input 4",
  }]);
});
