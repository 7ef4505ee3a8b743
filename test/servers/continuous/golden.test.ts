// The golden cases G1–G8 of the vLLM reference, §5.8: behaviour asserted by vLLM's own unit tests.
import { describe, expect, test } from "vitest";
import { CORES, decide, type Row } from "./support/decide.ts";

const SERVER = {
  max_model_len: 8192,
  num_gpu_blocks: 10_000,
  async_scheduling: false,
  enable_prefix_caching: false,
};
const PRIORITY = { scheduling_policy: "priority" } as const;

describe.each(Object.keys(CORES) as (keyof typeof CORES)[])("the %s core", (core) => {
  const scheduled = (config: object, rows: readonly Row[]) =>
    decide(core, { ...SERVER, ...config }, rows).map((step) => step?.scheduled);

  test("G1: a threshold cuts each prompt, the budget the last of them", () => {
    const config = { max_num_batched_tokens: 1024, long_prefill_token_threshold: 400 };
    const steps = scheduled(config, [[0, 800, 5], [0, 800, 5], [0, 800, 5]]);
    expect(steps.slice(0, 3)).toEqual([
      [[0, 400], [1, 400], [2, 224]],
      [[0, 400], [1, 400], [2, 224]],
      [[0, 1], [1, 1], [2, 352]],
    ]);
  });

  test("G2: nobody overtakes a prompt that doesn't fit the budget", () => {
    const rows: Row[] = [[0, 800, 5], [0, 800, 5], [0, 10, 5], [0, 10, 5]];
    const config = { max_num_batched_tokens: 1024, max_num_seqs: 3 };
    expect(scheduled(config, rows)[0]).toEqual([[0, 800], [1, 224]]);
    expect(scheduled({ ...config, enable_chunked_prefill: false }, rows)[0]).toEqual([[0, 800]]);
  });

  test("G3: the tail is preempted, and its token in flight is still appended", () => {
    const config = { num_gpu_blocks: 11, max_num_batched_tokens: 100, async_scheduling: true };
    const steps = decide(core, { ...SERVER, ...config }, [[0, 79, 20], [1, 80, 20]]);
    expect(steps[2]).toEqual({ scheduled: [[0, 1]], preempted: [1], finished: [] });
    const resumed = steps.slice(3).find((step) => step?.scheduled.some(([id]) => id === 1));
    // The prompt's 80 tokens, and the one that was in flight.
    expect(resumed?.scheduled.at(-1)).toEqual([1, 81]);
  });

  test.each([1, 2, 3, 5])("G4: an answer of %i tokens computes prompt + answer - 1", (output) => {
    const rows: Row[] = [[0, 33, output], [0, 20, output], [2, 7, output]];
    for (const async_scheduling of [true, false]) {
      const computed = [0, 0, 0];
      for (const step of scheduled({ async_scheduling }, rows)) {
        for (const [request, tokens] of step ?? []) computed[request] += tokens;
      }
      expect(computed).toEqual([33, 20, 7].map((prompt) => prompt + output - 1));
    }
  });

  test("G5: priority first, then arrival", () => {
    const rows: Row[] = [[1, 10, 1, 2], [3, 10, 1, 1], [2, 10, 1, 1], [4, 10, 1, 0], [0, 8192, 4]];
    const order = scheduled({
      ...PRIORITY,
      max_num_seqs: 5,
      max_num_batched_tokens: 1170,
      max_model_len: 8196,
    }, rows).flatMap((step) => step!.filter(([, tokens]) => tokens === 10).map(([id]) => id));
    expect(order).toEqual([3, 2, 1, 0]);
  });

  test("G6: the least urgent is preempted, although it stands earlier in the list", () => {
    const config = { ...PRIORITY, num_gpu_blocks: 6, max_num_batched_tokens: 200 };
    const steps = decide(core, { ...SERVER, ...config }, [[0, 32, 9, 5], [1, 32, 9, 0]]);
    expect(steps[1]!.scheduled).toEqual([[0, 1], [1, 32]]);
    expect(steps[2]).toEqual({ scheduled: [[1, 1]], preempted: [0], finished: [] });
  });

  test("G7: with one seat the most urgent runs and the others wait by priority", () => {
    const config = { ...PRIORITY, max_num_seqs: 1 };
    const rows: Row[] = [[0, 10, 2, 3], [0, 10, 2, 2], [0, 10, 2, 0]];
    expect(scheduled(config, rows).map((step) => step!.map(([id]) => id)))
      .toEqual([[2], [2], [1], [1], [0], [0]]);
  });

  test("G8: the preempted resumes after the urgent one and computes prompt and outputs again", () => {
    const config = { ...PRIORITY, num_gpu_blocks: 5, max_num_batched_tokens: 200 };
    const steps = decide(core, { ...SERVER, ...config }, [[0, 30, 9, 5], [1, 32, 4, 0]]);
    expect(steps[2]).toEqual({ scheduled: [[1, 1]], preempted: [0], finished: [] });
    const end = steps.findIndex((step) => step!.finished.includes(1));
    expect(steps[end + 1]!.scheduled).toEqual([[0, 32]]);
  });
});
