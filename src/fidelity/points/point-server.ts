import { InputError } from "../../errors/input-error.ts";
import { type ServerParts, type SizedServer, sizeServer } from "../../servers/sized-server.ts";
import type { MeasuredRow } from "./measured-point.ts";
import type { PointLengths } from "./point-lengths.ts";

const GIB = 2 ** 30;

/** Why a point is none for this simulator; null: it is one. */
export function whyNotSimulated(row: MeasuredRow): string | null {
  if (/transformers/i.test(row.engine)) return `another engine: ${row.engine}, without a scheduler`;
  if (/pp[2-9]/.test(row.parallel) || /-pp /.test(row.flags)) return "pipeline parallel";
  if (/nf4|exllama/i.test(row.precision)) return `weights in ${row.precision}`;
  if (row.kind === "open" && /are in the source/.test(row.lengths_note)) {
    return "lengths of its requests are not in the file";
  }
  return null;
}

/** The version of vLLM whose defaults a point ran with; of another engine, a recent one's. */
function versionOf({ engine, version }: MeasuredRow): string {
  if (engine !== "vLLM") return "0.30.0";
  const stated = /0\.\d+/.exec(version)?.[0];
  if (stated !== undefined) return stated;
  if (/2024/.test(version)) return "0.6";
  return /2025/.test(version) ? "0.8" : "0.15";
}

const numberAfter = (flags: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(flags)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** Tokens of the pools that a note names for several servers, in the order in which they are named. */
const POOLS = /KV pool ([\d,]+) \/ ([\d,]+) \/ ([\d,]+) \/ ([\d,]+) tokens in this order/;

/** Which of those servers a point is of: bf16, fp8, fp8 with FlashInfer, and that with KV in fp8. */
function poolTokens({ lengths_note, precision, flags, kv_dtype }: MeasuredRow): number | undefined {
  const pools = POOLS.exec(lengths_note)?.slice(1);
  if (pools === undefined) return undefined;
  const which = precision === "bf16"
    ? 0
    : !/FlashInfer/.test(flags)
    ? 1
    : kv_dtype === "fp8"
    ? 3
    : 2;
  return Number(pools[which].replaceAll(",", ""));
}

/** Multiples of a KV block and more than a chat's context, where no length is stated. */
const ROOM = 8192;

/** Parts of a point's server, from its flags. */
export function partsOf(row: MeasuredRow, lengths: PointLengths): ServerParts {
  const { flags } = row;
  const longest = lengths.promptTokens.reduce(
    (most, prompt, i) => Math.max(most, prompt + lengths.outputTokens[i]),
    0,
  );
  const pool = numberAfter(flags, /KV pool ([\d.]+) GiB/);
  const tokens = poolTokens(row);
  const mean = (values: Int32Array) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const budget = numberAfter(flags, /max[-_]num[-_]batched[-_]tokens (\d+)/);
  const sequences = numberAfter(flags, /max[-_]num[-_]seqs (\d+)/);
  const utilization = numberAfter(flags, /gpu-memory-utilization ([\d.]+)/);
  return {
    // What stands in brackets is said of the shape.
    model: row.model.replace(/ \((?!text\)).*\)$/, ""),
    gpu: row.gpu,
    precision: row.precision,
    tensorParallel: Number(/tp(\d+)/.exec(row.parallel)?.[1] ?? 1),
    vllm: versionOf(row),
    typicalTokens: Math.ceil(mean(lengths.promptTokens) + mean(lengths.outputTokens) / 2),
    ...tokens !== undefined && { kvBlocks: Math.floor(tokens / 16) },
    flags: {
      max_model_len: numberAfter(flags, /max-model-len (\d+)/) ??
        Math.max(ROOM, 16 * Math.ceil(longest / 16)),
      ...row.kv_dtype !== "" && { kv_cache_dtype: row.kv_dtype },
      ...utilization !== undefined && { gpu_memory_utilization: utilization },
      ...pool !== undefined && { kv_cache_memory_bytes: pool * GIB },
      ...budget !== undefined && { max_num_batched_tokens: budget },
      ...sequences !== undefined && { max_num_seqs: sequences },
      ...flags.includes("PIECEWISE only") && { cudagraph_mode: "PIECEWISE" },
      ...flags.includes("--async-scheduling") && { async_scheduling: true },
    },
  };
}

/**
 * The server of a point. Where our estimate of its KV pool is too small for the room that was assumed,
 * the room is that of the longest request.
 */
export function pointServer(row: MeasuredRow, lengths: PointLengths): SizedServer {
  const parts = partsOf(row, lengths), file = `measured point ${row.id}`;
  try {
    return sizeServer(parts, file);
  } catch (error) {
    const fits = error instanceof InputError &&
      /expected at most (\d+): one such request/.exec(error.message)?.[1];
    if (!fits) throw error;
    const flags = { ...parts.flags, max_model_len: Number(fits) };
    return sizeServer({ ...parts, flags }, file);
  }
}
