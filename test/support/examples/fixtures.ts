/**
 * What examples in docstrings take for granted: `workload`, `run`, `table` … An example that names
 * one of these and does not declare it itself gets it from here.
 */
import * as aq from "arquero";
import { loadArenaTrace } from "../../../src/files/load-arena.ts";
import { paperWorkload } from "../../../src/paper/workload.ts";
import { writeMetricsCsv } from "../../../src/paper/metrics/metrics-csv.ts";
import { runMetrics } from "../../../src/paper/metrics/run-metrics.ts";
import { writeRunJson } from "../../../src/runs/run-json.ts";
import { ServerConfig } from "../../../src/servers/continuous/config.ts";
import { L4_QWEN15_1_8B_SERVER } from "../../../src/servers/continuous/presets.ts";
import { L4_QWEN15_1_8B } from "../../../src/servers/costs/presets.ts";
import { paperGrid } from "../../../src/paper/grid.ts";
import { simulate } from "../../../src/paper/simulate.ts";
import { gridTable } from "../../../src/sweeps/grid-table.ts";
import { runSweep } from "../../../src/sweeps/run-sweep.ts";
import { arrivalSpan } from "../../../src/workload/statistics/arrivals.ts";
import { scaleTime } from "../../../src/workload/transforms/scale-time.ts";
import { timeWindow } from "../../../src/workload/transforms/time-window.ts";
import type { Workload } from "../../../src/workload/workload.ts";

const DATA = new URL("../../../data/", import.meta.url);

export const workload: Workload = paperWorkload({ seed: 1, requests: 300 });

/** Three hours of 27 clients, in one phase. */
const { workload: arena } = await loadArenaTrace();
export const trace: Workload = scaleTime(arena, 3 * 3600 / arrivalSpan(arena.requests));
export const hour: Workload = timeWindow(trace, { from: 0, to: 3600 });
export const conv: Workload = hour;
export const code: Workload = timeWindow(trace, { from: 3600, to: 7200 });

export const run = simulate(workload);
export const table = aq.from(
  ["fifo", "sjf"].flatMap((policy) =>
    [1, 0.5, 0.1, 0.01].map((share) => ({ policy, share, seconds: 2 - Math.log10(share) }))
  ),
);
export const grid = paperGrid({ seeds: 2, workload: { requests: 300 } });
export const cells = gridTable(await runSweep(grid, { workers: 0, store: "off" }));

/** A server, what its steps cost, and requests for it. */
export const config = ServerConfig.parse(L4_QWEN15_1_8B_SERVER);
export const server = L4_QWEN15_1_8B_SERVER;
export const cost = L4_QWEN15_1_8B;
export const arrival = Float64Array.of(0, 0.5);
export const promptTokens = Int32Array.of(100, 20);
export const outputTokens = Int32Array.of(30, 5);
export const view = { promptTokens };
export const lengths = { promptTokens, outputTokens };
export const now = (): number => 1e6;
export const onEvent = (_kind: number, _request: number, _at: number): void => {};

export const text = await Deno.readTextFile(
  new URL("vtc_arena/vtc_real_trace_27clients.csv", DATA),
);
export const bytes = await Deno.readFile(new URL("burstgpt/BurstGPT_1_first999.csv", DATA));

/** Files that examples read from the folder they run in. */
export async function writeFiles(): Promise<void> {
  const conv = await Deno.readFile(
    new URL("azure_llm_2023/AzureLLMInferenceTrace_conv.csv.gz", DATA),
  );
  await Deno.writeFile("BurstGPT_1.csv", bytes);
  await Deno.writeFile("mine.csv", bytes);
  await Deno.writeFile("conv_1week.csv.gz", conv);
  await Deno.writeTextFile(
    "requests.jsonl",
    '{"ts_ms": 1763324552160, "usage": {"prompt_tokens": 12, "output_tokens": 5}}\n',
  );
  await Deno.writeTextFile("metrics.csv", writeMetricsCsv(runMetrics(run)));
  await Deno.writeTextFile("fifo.run.json", writeRunJson(run));
}
