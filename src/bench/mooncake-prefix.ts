import { serve, type ServerWorkload } from "../servers/continuous/serve.ts";
import { L4_QWEN3_1_7B } from "../servers/costs/presets.ts";
import { openTrace } from "../files/open-trace.ts";
import { DATA_FOLDER } from "../files/read-bundled.ts";
import { serverRequestsOf } from "../simulation/simulate.ts";
import { firstRows } from "../workload/transforms/first-rows.ts";
import type { Benchmark, BenchmarkCase } from "./benchmark.ts";

/** Room for the longest prompts of the trace, 123,192 tokens and their answers. */
const SERVER = { max_model_len: 131_072 };

/** KV blocks: what Qwen3-1.7B has on an L4, and what eight larger cards would have. */
const POOLS = [8933, 400_000];

const TRACE = new URL("mooncake/conversation_trace.jsonl.gz", DATA_FOLDER);

/** Long prompts that begin alike, through a server that keeps what they share. */
export const mooncakePrefix: Benchmark = {
  name: "mooncake-prefix",
  description: "Mooncake's 12,031 conversations through vLLM with a prefix cache, warm",
  barMs: 250,
  async prepare({ smoke }) {
    const { workload } = await openTrace(TRACE);
    const first = smoke ? firstRows(workload, 200) : workload;
    const requests: ServerWorkload = {
      ...serverRequestsOf(first),
      arrival: first.requests.arrival,
    };
    const { size } = first.requests;
    const cases = POOLS.flatMap((num_gpu_blocks) =>
      [true, false].map((enable_prefix_caching): BenchmarkCase => ({
        name: `mooncake-prefix/${num_gpu_blocks}-blocks${enable_prefix_caching ? "" : "-off"}`,
        run: () =>
          serve(requests, { ...SERVER, num_gpu_blocks, enable_prefix_caching }, {
            cost: L4_QWEN3_1_7B,
          }),
        comparison: !enable_prefix_caching,
        units: size,
        runs: 11,
        warmups: 3,
      }))
    );
    return { cases };
  },
};
