import { expect, test } from "vitest";
import { substream, uniformInt } from "../../src/random/substream.ts";
import { estimateBlockTokens } from "../../src/workload/estimate-block-tokens.ts";
import { generateWorkload } from "../../src/workload/generators/generate-workload.ts";
import { sharedPrefixShare } from "../../src/workload/statistics/shared-prefixes.ts";

/** Prompts of known lengths of blocks. */
function prompts(lists: readonly (readonly number[])[], lengthOf: (id: number) => number) {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => offsets[i + 1] = offsets[i] + list.length);
  return {
    blocks: { offsets, values: Int32Array.from(lists.flat()) },
    promptTokens: Int32Array.from(
      lists,
      (list) => list.reduce((sum, id) => sum + lengthOf(id), 0),
    ),
  };
}

test("lengths that the prompts determine are found", () => {
  const random = substream(3, "test");
  const lengths = Array.from({ length: 40 }, () => 20 + uniformInt(random, 600));
  const lists = Array.from(
    { length: 500 },
    () => Array.from({ length: 1 + uniformInt(random, 5) }, () => uniformInt(random, 40)),
  );
  const { blocks, promptTokens } = prompts(lists, (id) => lengths[id]);
  const { tokens } = estimateBlockTokens(blocks, promptTokens);
  blocks.values.forEach((id, at) =>
    expect(Math.abs(tokens[at] - lengths[id])).toBeLessThanOrEqual(1)
  );
  expect(estimateBlockTokens(blocks, promptTokens).tokens).toEqual(tokens);
});

test("parts have the means of least squares; a block of the prompt alone makes up the rest", () => {
  // 400 tokens of system prompt in all, 100 a passage, and a question of 7 to 26.
  const random = substream(4, "test");
  const counts = Array.from({ length: 400 }, () => uniformInt(random, 5));
  const lists = counts.map((count, row) => [
    0,
    ...Array.from({ length: count }, () => 1 + uniformInt(random, 30)),
    1000 + row,
  ]);
  const lengthOf = (id: number) => id === 0 ? 400 : id < 1000 ? 100 : 7 + id % 20;
  const { blocks, promptTokens } = prompts(lists, lengthOf);
  const part = (id: number) => id === 0 ? 0 : id < 1000 ? 1 : 2;
  const parts = {
    codes: Uint8Array.from(blocks.values, part),
    names: ["system", "passage", "question"],
  };
  const { tokens, means } = estimateBlockTokens({ ...blocks, parts }, promptTokens);
  // System prompt and question always come together: of the two only the sum is known.
  expect(means.get("system")! + means.get("question")!).toBeGreaterThan(380);
  expect(means.get("system")! + means.get("question")!).toBeLessThan(450);
  expect(Math.abs(means.get("passage")! - 100)).toBeLessThan(5);
  promptTokens.forEach((length, row) => {
    const own = tokens.subarray(blocks.offsets[row], blocks.offsets[row + 1]);
    expect(own.reduce((sum, each) => sum + each, 0)).toBe(length);
  });
  blocks.values.forEach((id, at) => {
    if (part(id) === 1) expect(Math.abs(tokens[at] - 100)).toBeLessThan(12);
  });
});

test("where prompts are too short for their blocks, the last ones are cut, to nothing too", () => {
  const blocks = {
    offsets: Int32Array.of(0, 2, 4, 7, 7),
    values: Int32Array.of(1, 2, 1, 2, 1, 2, 3),
  };
  const { tokens } = estimateBlockTokens(blocks, Int32Array.of(200, 200, 1, 50));
  expect([...tokens.subarray(4)]).toEqual([1, 0, 0]);
  expect(tokens[0] + tokens[1]).toBeLessThanOrEqual(200);
  expect(
    estimateBlockTokens({ offsets: Int32Array.of(0), values: new Int32Array() }, new Int32Array()),
  )
    .toEqual({ tokens: new Int32Array(), means: new Map([["", 0]]) });
});

test("what a cache holds by estimated lengths is near what it holds by the true ones", () => {
  const { requests, truth } = generateWorkload({
    requests: 5000,
    streams: [{
      arrivals: { process: "poisson", rate: 1 },
      classes: [{
        prompt: { model: "lognormal", mean: 40, cv: 1 },
        output: { model: "constant", tokens: 9 },
        prompts: {
          system: { texts: 20, tokens: { model: "uniform", min: 100, max: 900 } },
          documents: {
            texts: 300,
            exponent: 1,
            perPrompt: { min: 0, max: 6 },
            tokens: { model: "lognormal", mean: 300, cv: 0.6 },
          },
        },
      }],
    }],
  });
  const { tokens: _, ...unknown } = requests.promptBlocks!;
  const share = sharedPrefixShare({ requests, truth })!;
  const estimated = sharedPrefixShare({
    requests: { ...requests, promptBlocks: unknown },
    truth,
  })!;
  expect(share).toBeGreaterThan(0.2);
  expect(Math.abs(estimated - share)).toBeLessThan(0.05);
});
