import { burstgptLike } from "../servers/continuous/bench/burstgpt-like.ts";
import { serve } from "../servers/continuous/serve.ts";
import { L4_QWEN3_1_7B } from "../servers/costs/presets.ts";
import type { Benchmark, BenchmarkCase } from "./benchmark.ts";

/** As many rows as BurstGPT's two releases have together. */
const ROWS = 10_310_000;
const SERVER = { max_model_len: 4096, num_gpu_blocks: 8933, enable_prefix_caching: false };
/** Requests a second: three quarters of what the server bears, whatever their number. */
const RATE = 3;

/**
 * Forty days of traffic in one run, in 2 GB at most. A tenth of it stands beside, at the same
 * utilisation: the whole should take at most 10.5 times as long.
 */
export const burstgpt10m: Benchmark = {
  name: "burstgpt-10m",
  description: "10.31 M generated requests like BurstGPT's through vLLM on an L4, Qwen3-1.7B",
  barMs: 5000,
  prepare({ smoke }) {
    const whole = smoke ? 10_000 : ROWS;
    const serving = (name: string, count: number, more: Partial<BenchmarkCase> = {}) => {
      const workload = burstgptLike(count, { seed: 1, rate: RATE, maxModelLen: 4096 });
      return {
        name,
        run: () => void serve(workload, SERVER, { cost: L4_QWEN3_1_7B }),
        units: count,
        runs: 3,
        warmups: 1,
        ...more,
      };
    };
    const stepwise = burstgptLike(whole / 1000, { seed: 1, rate: RATE, maxModelLen: 4096 });
    return {
      cases: [
        serving("burstgpt-10m", whole),
        serving("burstgpt-10m/tenth", whole / 10, { comparison: true, runs: 11, warmups: 3 }),
        {
          name: "burstgpt-10m/thousandth-stepwise",
          run: () => serve(stepwise, SERVER, { cost: L4_QWEN3_1_7B, stepping: "stepwise" }),
          units: whole / 1000,
          comparison: true,
          runs: 3,
          warmups: 1,
        },
      ],
    };
  },
};
