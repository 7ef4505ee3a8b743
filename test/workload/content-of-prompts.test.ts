import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { readUnpacked } from "../../src/files/read-unpacked.ts";
import { readBundled } from "../../src/files/read-bundled.ts";
import { contentOfPieces, type Piece } from "../../src/workload/content-of-pieces.ts";
import { promptContent } from "../../src/workload/content-of-prompts.ts";
import { readWhole } from "../../src/workload/readers/read-trace.ts";
import { mooncake } from "../../src/workload/readers/formats/mooncake.ts";
import { ragPulse } from "../../src/workload/readers/formats/ragpulse.ts";
import {
  sharedPrefixShare,
  sharedPrefixTokens,
} from "../../src/workload/statistics/shared-prefixes.ts";
import type { Workload } from "../../src/workload/workload.ts";

const bundled = async (path: string) => new TextDecoder().decode(await readBundled(path));
const none = { offsets: Int32Array.of(0), values: new Int32Array() };

describe("content of prompts", () => {
  test("blocks of one length cover the prompt: the last is what is left, none lies beyond", () => {
    const content = promptContent({
      size: 3,
      promptTokens: Int32Array.of(40, 16, 70),
      promptBlocks: {
        offsets: Int32Array.of(0, 3, 5, 7),
        values: Int32Array.of(1, 2, 3, 1, 9, 1, 2),
        tokensPerBlock: 16,
      },
    });
    expect(content).toEqual({
      offsets: Int32Array.of(0, 3, 4, 6),
      text: Int32Array.of(1, 2, 3, 1, 1, 2),
      tokens: Int32Array.of(16, 16, 8, 16, 16, 16),
    });
  });

  test("blocks of known lengths are pieces, empty ones are none, answers are carried", () => {
    const content = promptContent({
      size: 2,
      promptTokens: Int32Array.of(30, 50),
      promptBlocks: {
        offsets: Int32Array.of(0, 2, 5),
        values: Int32Array.of(7, 8, 7, 0, 4),
        tokens: Int32Array.of(10, 20, 10, 0, 31),
        answers: Int32Array.of(5, -1),
      },
    });
    expect(content).toEqual({
      offsets: Int32Array.of(0, 2, 4),
      text: Int32Array.of(7, 8, 7, 4),
      tokens: Int32Array.of(10, 20, 10, 31),
      answer: Int32Array.of(5, -1),
    });
  });

  test("without blocks there is none", () => {
    expect(promptContent({ size: 1, promptTokens: Int32Array.of(4) })).toBeUndefined();
    expect(promptContent({ size: 0, promptTokens: new Int32Array(), promptBlocks: none }))
      .toMatchObject({ text: new Int32Array() });
  });
});

describe("Mooncake's whole conversation trace", () => {
  let lines: { input_length: number; hash_ids: number[] }[];
  let workload: Workload;
  beforeAll(async () => {
    const text = await bundled("mooncake/conversation_trace.jsonl.gz");
    lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    workload = readWhole(mooncake, text, "m.jsonl").workload;
  });

  test("what an endless cache holds, counted once more from the lines", () => {
    // An id names the prompt up to its end: blocks before the first new id are in the cache.
    const seen = new Set<number>();
    const hits = (blockTokens: number) => {
      seen.clear();
      return lines.reduce((sum, { input_length, hash_ids }) => {
        const fresh = hash_ids.findIndex((id) => !seen.has(id));
        for (const id of hash_ids) seen.add(id);
        const held = fresh < 0 ? input_length - 1 : 512 * fresh;
        return sum + held - held % blockTokens;
      }, 0);
    };
    const all = lines.reduce((sum, { input_length }) => sum + input_length, 0);
    expect(all).toBeGreaterThan(140e6);
    for (const blockTokens of [16, 512]) {
      expect(sharedPrefixShare(workload, blockTokens)).toBe(hits(blockTokens) / all);
    }
  });

  test("becomes pieces in a few milliseconds", () => {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      promptContent(workload.requests);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});

describe("RAGPulse's whole trace", () => {
  let workload: Workload;
  let assumptions: readonly string[];
  beforeAll(async () => {
    const trace = readWhole(ragPulse, await bundled("ragpulse/0_trace.jsonl.gz"), "r.jsonl");
    workload = trace.workload;
    assumptions = trace.report.assumptions;
  });

  test("has an assumed length for each id, of which nearly all prompts consist exactly", () => {
    const { size, promptTokens, promptBlocks } = workload.requests;
    const { offsets, values, tokens } = promptBlocks!;
    const uses = new Map<number, number>();
    for (const id of values) uses.set(id, (uses.get(id) ?? 0) + 1);
    const lengthOf = new Map<number, Set<number>>();
    let exact = 0;
    for (let row = 0; row < size; row++) {
      let sum = 0;
      for (let at = offsets[row]; at < offsets[row + 1]; at++) {
        sum += tokens![at];
        if (uses.get(values[at]) === 1) continue;
        // Cut at a prompt's end an id may be shorter, which is the last that this prompt has.
        if (at + 1 === offsets[row + 1] || tokens![at + 1] === 0) continue;
        const lengths = lengthOf.get(values[at]) ?? new Set();
        lengthOf.set(values[at], lengths.add(tokens![at]));
      }
      expect(sum).toBeLessThanOrEqual(promptTokens[row]);
      if (sum === promptTokens[row]) exact++;
    }
    expect([...lengthOf.values()].filter((lengths) => lengths.size > 1)).toEqual([]);
    expect(exact / size).toBeGreaterThan(0.99);
    expect(assumptions.join()).toMatch(/lengths of prompt blocks are estimated .* sys_prompt \d+/);
    expect(workload.provenance.steps!.join()).toContain("lengths of prompt blocks are estimated");
  });
});

describe("an endless cache", () => {
  /** Token by token, with sets of whole prefixes: slow, and without a tree. */
  function slowly(prompts: [number, number, number][][], outputs: number[], block: number) {
    const cached = new Set<string>();
    return prompts.map((pieces, row) => {
      const sequence = pieces.flatMap(([text, from, tokens]) =>
        Array.from({ length: tokens }, (_, k) => `${text}/${from + k}`)
      );
      const prefix = (tokens: number) => sequence.slice(0, tokens).join();
      let held = 0;
      while (held + block < sequence.length && cached.has(prefix(held + block))) held += block;
      for (let k = 0; k < outputs[row] - 1; k++) sequence.push(`${-1 - row}/${k}`);
      for (let end = block; end <= sequence.length; end += block) cached.add(prefix(end));
      return held;
    });
  }

  const piece = fc.tuple(
    fc.integer({ min: -3, max: 2 }),
    fc.nat(3),
    fc.integer({ min: 1, max: 6 }),
  );
  const prompt = fc.array(piece, { minLength: 1, maxLength: 5 });

  test("holds what a count of all prefixes, token by token, says", () => {
    const outputs = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(prompt, { minLength: 1, maxLength: 8 }),
        outputs,
        fc.integer({ min: 1, max: 5 }),
        (prompts, outputs, block) => {
          const shared = sharedPrefixTokens({
            content: contentOfPieces(prompts),
            promptTokens: Int32Array.from(
              prompts,
              (pieces) => pieces.reduce((sum, [, , tokens]) => sum + tokens, 0),
            ),
            outputTokens: Int32Array.from(outputs.slice(0, prompts.length)),
          }, block);
          expect([...shared]).toEqual(slowly(prompts, outputs, block));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("pieces of recordings", () => {
  interface Recorded {
    run: string;
    prompt: Piece[];
    output_tokens: number;
    cached_tokens: number;
  }

  test("what an endless cache holds is what a real vLLM with room for all had, each time", async () => {
    const file = new URL("../fixtures/vllm-0.30-cpu/cached-tokens.jsonl.gz", import.meta.url);
    const lines = new TextDecoder().decode(await readUnpacked(file));
    const recorded: Recorded[] = lines.trimEnd().split("\n").map((line) => JSON.parse(line));
    const runs = Map.groupBy(recorded, ({ run }) => run);
    expect([...runs.values()].map(({ length }) => length)).toEqual([260, 300]);
    for (const rows of runs.values()) {
      const held = sharedPrefixTokens({
        content: contentOfPieces(rows.map(({ prompt }) => prompt)),
        promptTokens: Int32Array.from(
          rows,
          ({ prompt }) => prompt.reduce((sum, [, , tokens]) => sum + tokens, 0),
        ),
        outputTokens: Int32Array.from(rows, (row) => row.output_tokens),
      }, 32);
      expect([...held]).toEqual(rows.map((row) => row.cached_tokens));
    }
  });

  test("an answer is the text that later prompts name; others are nobody's", () => {
    const content = contentOfPieces([
      [[1, 0, 492], [2, 0, 56]],
      [[1, 0, 492], [2, 0, 56], [-1, 0, 7], [4, 3, 39]],
    ]);
    expect([...content.offsets]).toEqual([0, 2, 6]);
    expect([...content.tokens]).toEqual([492, 56, 492, 56, 7, 39]);
    expect([...content.from!]).toEqual([0, 0, 0, 0, 0, 3]);
    expect(content.answer![0]).toBe(content.text[4]);
    expect(content.answer![1]).toBe(-1);
    expect(new Set(content.text).size).toBe(4);
  });

  test("a piece without tokens, and one that is no list, are refused by request and piece", () => {
    expect(() => contentOfPieces([[[1, 0, 4]], [[1, 0, 4], [2, 0, 0]]])).toThrow(
      "pieces of prompts, row 2, field piece 1: got [2,0,0], expected [text, from, tokens]",
    );
    expect(() => contentOfPieces([[[1, -1, 4]]])).toThrow("row 1, field piece 0");
    expect(() => contentOfPieces([[[1, 4] as unknown as [number, number, number]]])).toThrow(
      "row 1, field piece 0",
    );
  });
});
