import type { LengthSpec } from "../workload/lengths/length-spec.ts";
import { burstGpt } from "../workload/readers/formats/burstgpt.ts";
import { lengthTable } from "../workload/readers/formats/lengths.ts";
import { readWhole } from "../workload/readers/read-whole.ts";
import type { TraceFormat } from "../workload/readers/trace-format.ts";
import { readBundled } from "./read-bundled.ts";

/** Length models of the bundled real data. */
export interface LengthModels {
  /** 1,024 chats of LMSYS-Chat-1M, Llama's tokenizer: mean 162 tokens. */
  readonly lmsys: LengthSpec;
  /** 888 answered requests of BurstGPT's first hours (version 1): mean 293 tokens. */
  readonly burstgpt: LengthSpec;
  /** 399 answered requests of BurstGPT's version 2, 225 days later: mean 171 tokens. */
  readonly burstgptV2: LengthSpec;
}

/**
 * Answer lengths of real traffic, to draw from with replacement. The two slices of BurstGPT stay
 * apart because their lengths differ: a mixture would be of no time at all.
 *
 * @example
 * const { lmsys } = await data.loadLengthModels();
 * const workload = paperWorkload({ seed: 1, lengths: lmsys });
 */
export async function loadLengthModels(): Promise<LengthModels> {
  const load = async (format: TraceFormat, file: string, name: string) => {
    const { truth } = readWhole(format, await readBundled(file), `data/${file}`).workload;
    return { model: "empirical" as const, name, tokens: truth.outputTokens };
  };
  const [lmsys, burstgpt, burstgptV2] = await Promise.all([
    load(lengthTable, "lmsys_lengths/lmsys_1024_llama_tokenizer_lengths.csv", "LMSYS-Chat-1M"),
    load(burstGpt, "burstgpt/BurstGPT_1_first999.csv", "BurstGPT v1"),
    load(burstGpt, "burstgpt/BurstGPT_3_first400.csv", "BurstGPT v2"),
  ]);
  return { lmsys, burstgpt, burstgptV2 };
}
