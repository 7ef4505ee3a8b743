import { InputError } from "../errors/input-error.ts";

/** What differs between versions of vLLM, where it shows in what a server holds and when. */
export interface VllmVersion {
  readonly name: string;
  /** Share of the card's memory that vLLM takes unless told otherwise. */
  readonly memoryUtilization: number;
  /** Whether what CUDA graphs take is set aside before the KV pool is sized. */
  readonly countsGraphs: boolean;
  /** Whether step k + 1 is scheduled while step k runs, unless told otherwise. */
  readonly asyncScheduling: boolean;
  /** Which engine: V0 took all of a step's bookkeeping between two steps. */
  readonly engine: "V0" | "V1";
  /** Whether an A100 of 80 GB counts as a small card when limits of the batch are taken. */
  readonly a100IsSmall: boolean;
  /** Whether prompts share cached prefixes, unless told otherwise. */
  readonly prefixCaching: boolean;
}

/** The version that is simulated where nobody says otherwise. */
export const VLLM_0_30 = "0.30.0";

/**
 * Defaults of a version (KV sizing reference §1–2, host overheads reference §4): graphs are set aside
 * since 0.21, scheduling is asynchronous since 0.14, 0.92 of the memory is taken since 0.28. Before
 * 0.8 the engine was another (V0), without a prefix cache. That A100s count as small since 0.10 follows
 * from public points: with 0.9.2 an A100 of 80 GB held 1,000 sequences at once (Little's law).
 *
 * Throws an InputError for what is no version.
 *
 * @param version `0.30.0`, `0.11`, `0.10.x`
 */
export function vllmVersion(version: string = VLLM_0_30, file = "server"): VllmVersion {
  const match = /^v?0\.(\d+)/.exec(version);
  if (match === null) {
    const expected = "a version of vLLM, such as 0.30.0 or 0.11";
    throw new InputError({ file, field: "vllm", value: version, expected });
  }
  const minor = Number(match[1]);
  return {
    name: version,
    memoryUtilization: minor >= 28 ? 0.92 : 0.9,
    countsGraphs: minor >= 21,
    asyncScheduling: minor >= 14,
    engine: minor >= 8 ? "V1" : "V0",
    a100IsSmall: minor >= 10,
    prefixCaching: minor >= 8,
  };
}
