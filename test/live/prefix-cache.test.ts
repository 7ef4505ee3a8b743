import { describe, expect, test } from "vitest";
import { live } from "../../src/live/live.ts";
import { substream, uniformInt } from "../../src/random/substream.ts";
import type { ServerConfigInput } from "../../src/servers/continuous/config.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { loadServer } from "../../src/twin/servers.ts";
import { startTwin } from "../../src/twin/start-twin.ts";
import { truthOf } from "../../src/twin/workload-truth.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { handWorkload } from "../support/workloads.ts";

/**
 * Conversations of three tenants, each with a system prompt: every turn repeats all that was said, the
 * answers among it. Some turns come before the one before has been answered.
 */
function conversations(seed: number, count: number): Workload {
  const random = substream(seed, "test/conversations");
  const rows: { at: number; texts: number[]; tokens: number[]; output: number; answer: number }[] =
    [];
  let text = 3;
  for (let i = 0; i < count; i++) {
    const tenant = uniformInt(random, 3);
    let texts = [tenant], tokens = [[640, 256, 100][tenant]];
    let at = 20 * random.next();
    const turns = 1 + uniformInt(random, 5);
    for (let turn = 0; turn < turns; turn++) {
      texts = [...texts, text++];
      tokens = [...tokens, 5 + uniformInt(random, 90)];
      const output = 1 + uniformInt(random, 120);
      const answer = text++;
      rows.push({ at, texts, tokens, output, answer });
      texts = [...texts, answer];
      tokens = [...tokens, output];
      at += 6 * random.next();
    }
  }
  rows.sort((a, b) => a.at - b.at);
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
  const workload = handWorkload({
    arrival: rows.map(({ at }) => at),
    // Some end with a text of their own, which no block names.
    promptTokens: rows.map(({ tokens }, row) => sum(tokens) + (row % 7 === 0 ? 9 : 0)),
    outputTokens: rows.map(({ output }) => output),
  });
  const offsets = new Int32Array(rows.length + 1);
  for (const [row, { texts }] of rows.entries()) offsets[row + 1] = offsets[row] + texts.length;
  return {
    ...workload,
    requests: {
      ...workload.requests,
      maxTokens: new Int32Array(rows.length).fill(200),
      promptBlocks: {
        offsets,
        values: Int32Array.from(rows.flatMap(({ texts }) => texts)),
        tokens: Int32Array.from(rows.flatMap(({ tokens }) => tokens)),
        answers: Int32Array.from(rows, ({ answer }) => answer),
      },
    },
  };
}

const workload = conversations(4, 30);
const prompt = { prompts: "token-ids", answerLengths: "server" } as const;
const total = (column: Int32Array) => column.reduce((sum, value) => sum + value, 0);

describe("conversations over HTTP have the simulation's cached tokens, and its instants", () => {
  test.each([
    ["plenty of blocks", {}],
    ["a synchronous scheduler", { async_scheduling: false }],
    ["prompts in pieces", { max_num_batched_tokens: 256 }],
    ["blocks of 32", { block_size: 32, num_gpu_blocks: 2000 }],
    ["few blocks: evictions and preemptions", { num_gpu_blocks: 150, max_model_len: 2048 }],
    ["few blocks and priority", {
      num_gpu_blocks: 150,
      max_model_len: 2048,
      scheduling_policy: "priority",
    }],
  ] as [string, Partial<ServerConfigInput>][])("%s", async (_what, flags) => {
    const twin = await startTwin({
      clock: "virtual",
      truth: truthOf(workload, { prompt, seed: 9 }),
      promptTokensDetails: true,
      flags,
    });
    const dispatch = { rule: "in-flight", window: 24 } as const;
    try {
      const { run } = await live(workload, {
        servers: [twin.url],
        time: "virtual",
        dispatch,
        prompt,
        seed: 9,
      });
      const preset = await loadServer("l4-qwen1.5-1.8b");
      const config = { ...preset.flags, ...flags };
      const simulated = simulate(workload, {
        dispatch,
        server: { config: config as ServerConfigInput },
      });
      expect(run.cachedTokens).toEqual(simulated.cachedTokens);
      expect(run.cachedTokens).not.toContain(-1);
      expect(total(run.cachedTokens)).toBeGreaterThan(0.3 * total(workload.requests.promptTokens));
      for (const column of ["start", "firstToken", "finish"] as const) {
        const far = run[column].findIndex((at, i) => !(Math.abs(at - simulated[column][i]) < 1e-9));
        expect(far, column).toBe(-1);
      }
      if (flags.num_gpu_blocks === 150) expect(total(simulated.preemptions)).toBeGreaterThan(0);
    } finally {
      await twin.stop();
    }
  });
});
