import { serve, type ServerWorkload } from "../servers/continuous/serve.ts";
import { L4_QWEN3_1_7B } from "../servers/costs/presets.ts";
import { openTrace } from "../files/open-trace.ts";
import { DATA_FOLDER } from "../files/read-bundled.ts";
import type { Benchmark } from "./benchmark.ts";

/**
 * vLLM's flags on an L4, and the KV blocks that its log showed there for Qwen3-1.7B. The trace does not
 * say what prompts share; so without a prefix cache, but for one case beside.
 */
const SERVER = { max_model_len: 40_960, num_gpu_blocks: 8933, enable_prefix_caching: false };

const TRACE = new URL("azure_llm_2023/AzureLLMInferenceTrace_conv.csv.gz", DATA_FOLDER);

/** The first `count` requests of Azure's conversations of 2023. */
async function azureConversations(count: number): Promise<ServerWorkload> {
  const { workload: { requests, truth } } = await openTrace(TRACE);
  return {
    arrival: requests.arrival.slice(0, count),
    promptTokens: requests.promptTokens.slice(0, count),
    outputTokens: truth.outputTokens.slice(0, count),
  };
}

/** A real trace through a real server's rules: nothing generated, no gateway. */
export const azureConv: Benchmark = {
  name: "azure-conv",
  description: "Azure's 19,366 conversations through vLLM on an L4 with Qwen3-1.7B, warm",
  barMs: 20,
  async prepare({ smoke }) {
    const workload = await azureConversations(smoke ? 200 : Infinity);
    const cost = L4_QWEN3_1_7B;
    const units = workload.arrival.length;
    const often = { units, runs: 31, warmups: 10 };
    return {
      cases: [
        { name: "azure-conv", run: () => serve(workload, SERVER, { cost }), ...often },
        {
          name: "azure-conv/prefix-cache",
          run: () => serve(workload, { ...SERVER, enable_prefix_caching: true }, { cost }),
          comparison: true,
          ...often,
        },
        {
          name: "azure-conv/series",
          run: () => serve(workload, SERVER, { cost, series: true }),
          comparison: true,
          ...often,
        },
        {
          name: "azure-conv/stepwise",
          run: () => serve(workload, SERVER, { cost, stepping: "stepwise" }),
          comparison: true,
          units,
          runs: 3,
          warmups: 1,
        },
      ],
    };
  },
};
