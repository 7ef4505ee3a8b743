import { beforeAll, expect, test } from "vitest";
import { loadServerFile } from "../../src/files/load-recordings.ts";
import { openTrace } from "../../src/traces/open-trace.ts";
import { measuredRun } from "../../src/runs/measured-run.ts";
import { whatIf } from "../../src/paper/what-if.ts";
import { serverOf, withConfig } from "../../src/servers/server.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import type { AlternativeAnswer, WhatIfAnswer } from "../../src/what-if/answer.ts";

// The same requests went to a real vLLM under FIFO and, in a run of its own, under SJF. What-if is given
// the log of FIFO alone, and has to say what SJF did.
const path = (run: string) => `data/vllm_cpu_live/${run}.run.json.gz`;
let answer: WhatIfAnswer;
let sjf: AlternativeAnswer;
const measured = new Map<string, { p50: number; p99: number }>();

beforeAll(async () => {
  const own = serverOf(await loadServerFile("vllm-cpu-0.05b"));
  const server = withConfig(own, {
    ...own.config,
    ...{
      max_num_seqs: 16,
      max_num_batched_tokens: 2048,
      max_model_len: 4096,
      num_gpu_blocks: 1024,
    },
  });
  const window = { rule: "in-flight", window: 16 } as const;
  answer = await whatIf(await openTrace(path("fifo.window16")), {
    ...{ server, was: { dispatch: window }, policies: ["sjf"], dispatches: [window], draws: 40 },
  });
  sjf = answer.alternatives[1];
  for (const run of ["fifo.window16", "fifo.window16.repeat", "sjf.window16"]) {
    const { arrival, finish } = measuredRun(await openTrace(path(run)));
    const e2e = finish.map((at, row) => at - arrival[row]);
    measured.set(run, { p50: quantile(e2e, 0.5), p99: quantile(e2e, 0.99) });
  }
}, 120_000);

test("what a real SJF measured lies in the intervals that the log of FIFO gives", () => {
  const { p50, p99 } = measured.get("sjf.window16")!;
  const { e2e_p50, e2e_p99 } = sjf.all.measures;
  expect(p50).toBeGreaterThan(e2e_p50.low!);
  expect(p50).toBeLessThan(e2e_p50.high!);
  expect(Math.abs(e2e_p50.value! / p50 - 1)).toBeLessThan(0.15);
  expect(p99).toBeGreaterThan(e2e_p99.low!);
  expect(p99).toBeLessThan(e2e_p99.high!);
  expect(Math.abs(e2e_p99.value! / p99 - 1)).toBeLessThan(0.15);
});

test("so do its changes against FIFO, the median down and the P99 up for sure", () => {
  for (const base of ["fifo.window16", "fifo.window16.repeat"]) {
    for (const [of, name] of [["p50", "e2e_p50"], ["p99", "e2e_p99"]] as const) {
      const change = measured.get("sjf.window16")![of] / measured.get(base)![of] - 1;
      const { low, high } = sjf.all.changes[name];
      expect(change, `${of} against ${base}`).toBeGreaterThan(low!);
      expect(change, `${of} against ${base}`).toBeLessThan(high!);
    }
  }
  expect(sjf.all.changes.e2e_p50.high).toBeLessThan(0);
  expect(sjf.all.changes.e2e_p99.low).toBeGreaterThan(0);
});

test("and FIFO itself was as its simulation expects", () => {
  const found = Object.entries(answer.as_measured!);
  expect(found.filter(([, { inside }]) => !inside).map(([name]) => name)).toEqual([]);
});
