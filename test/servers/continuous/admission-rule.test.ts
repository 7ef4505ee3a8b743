import { describe, expect, test } from "vitest";
import { AdmissionRule } from "../../../src/servers/continuous/admission-rule.ts";
import { ServerConfig, type ServerConfigInput } from "../../../src/servers/continuous/config.ts";
import { NO_HIT } from "../../../src/servers/continuous/prefix/prefix-hit.ts";

const rule = (config: Partial<ServerConfigInput> = {}) =>
  new AdmissionRule(ServerConfig.parse({
    max_model_len: 400,
    num_gpu_blocks: 101,
    max_num_seqs: 4,
    max_num_batched_tokens: 400,
    ...config,
  }));

describe("the first chunk of a prompt (vLLM reference §5.2 B4)", () => {
  test.each([
    ["is the whole prompt where the budget suffices", {}, 100, 120, 100],
    ["is cut to the budget", {}, 100, 30, 30],
    ["is cut to the threshold", { long_prefill_token_threshold: 40 }, 100, 120, 40],
    ["is not cut without chunked prefill", { enable_chunked_prefill: false }, 100, 99, 0],
  ])("%s", (_, config, tokens, budget, chunk) => {
    expect(rule(config).firstChunk(tokens, budget)).toBe(chunk);
  });
});

describe("blocks that must be free (B5, B6)", () => {
  test.each(
    [
      ["those of the whole prompt", {}, 100, 20, 1, 7],
      ["those of the chunk alone without the reserve", { scheduler_reserve_full_isl: false }, ...[
        100,
        20,
        1,
        2,
      ]],
      ["no more than max_model_len needs", {}, 999, 20, 1, 25],
      ["the watermark's on top while something runs", { watermark: 0.05 }, 100, 20, 1, 12],
      ["not while nothing runs", { watermark: 0.05 }, 100, 20, 0, 7],
    ] as const,
  )("%s", (_, config, tokens, chunk, running, blocks) => {
    expect(rule(config).blocks(tokens, chunk, running, NO_HIT)).toBe(blocks);
  });
});

test("a request fits with a seat, a token of budget and its blocks, and not without any of them", () => {
  const four = rule();
  const room = { running: 3, freeBlocks: 7, budget: 1 };
  expect(four.fits(100, NO_HIT, room)).toBe(true);
  expect(four.fits(100, NO_HIT, { ...room, running: 4 })).toBe(false);
  expect(four.fits(100, NO_HIT, { ...room, freeBlocks: 6 })).toBe(false);
  expect(four.fits(100, NO_HIT, { ...room, budget: 0 })).toBe(false);
});

describe("with a prefix cache (prefix caching reference, rule 3)", () => {
  test.each(
    [
      ["blocks that another holds need not be free", { blocks: 4, free: 0 }, 3],
      ["those that nobody holds are taken out of the free ones", { blocks: 4, free: 3 }, 6],
    ] as const,
  )("%s", (_, hit, blocks) => {
    const four = rule();
    // 100 tokens are 7 blocks, 36 of them are to be computed.
    expect(four.uncached(100, hit)).toBe(36);
    expect(four.blocks(100, 36, 1, hit)).toBe(blocks);
    const room = { running: 1, budget: 36 };
    expect(four.fits(100, hit, { ...room, freeBlocks: blocks })).toBe(true);
    expect(four.fits(100, hit, { ...room, freeBlocks: blocks - 1 })).toBe(false);
  });
});
