import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { kvBlocksIn, type KvLayout, loggedKvTokens } from "../../../src/servers/kv/kv-groups.ts";
import { kvPool } from "../../../src/servers/kv/kv-pool.ts";
import { GPUS } from "../../../src/servers/gpus/bundled.ts";
import { batchLimitsOf } from "../../../src/servers/gpus/server-defaults.ts";
import { modelNamed } from "../../../src/servers/models/bundled.ts";
import { precisionNamed } from "../../../src/servers/models/precision.ts";
import type { ModelShape } from "../../../src/servers/costs/model-shape.ts";

const GIB = 2 ** 30;
type Row = Readonly<Record<string, string>>;
const text = Deno.readTextFileSync(
  new URL("../../../data/models_gpus/kv_blocks.csv", import.meta.url),
);
const rows = Papa.parse<Row>(text, { header: true, skipEmptyLines: true }).data;
const reliable = rows.filter(({ confidence }) => confidence === "A" || confidence === "B");

/** The text model of a row; undefined where the row names none. */
function modelOf(row: Row): ModelShape | undefined {
  if (row.model.startsWith("8B multimodal (Llama-8B KV shape)")) return modelNamed("Llama-3.1-8B");
  if (row.model.startsWith("L4 multimodal")) return undefined;
  return modelNamed(row.model);
}

/** vLLM's first engine, with rules of its own, and versions of which nothing is said. */
const isV0 = ({ vllm }: Row) => /V0|^0\.[0-7]\b/.test(vllm);

const layoutOf = (row: Row, model: ModelShape): KvLayout => ({
  bytesPerValue: row.kv_dtype === "fp8" ? 1 : 2,
  tensorParallel: Number(row.tp || 1),
  maxModelLen: Number(row.max_model_len || model.maxPositionEmbeddings),
  tokensInFlight: 2 * Number(row.max_num_batched_tokens || 2048),
});
const title = (row: Row) =>
  `${row.model} ${row.weights_precision} on ${row.gpu}, vLLM ${row.vllm}, ${
    row.kv_tokens || "?"
  } tokens`;

describe("from the bytes that are logged to blocks", () => {
  const logged = reliable.filter((row) => row.kv_gib_logged !== "" && row.kv_tokens !== "");

  test("most starts log both", () => {
    expect(logged.length).toBeGreaterThanOrEqual(14);
  });

  test.each(logged.map((row) => [title(row), row] as const))("%s: exactly", (_title, row) => {
    const model = modelOf(row)!;
    const layout = layoutOf(row, model);
    // The log rounds to 0.01 GiB. Of eight ranks it says another's bytes than the smallest's blocks.
    const rounding = row.gpu.startsWith("8x") ? 0.03 : 0.0051;
    const tokens = (gib: number) =>
      loggedKvTokens(kvBlocksIn(gib * GIB, model, layout), model, layout);
    const gib = Number(row.kv_gib_logged);
    expect(tokens(gib - rounding)).toBeLessThanOrEqual(Number(row.kv_tokens));
    expect(tokens(gib + rounding)).toBeGreaterThanOrEqual(Number(row.kv_tokens));
  });
});

describe("from flags to the KV pool", () => {
  const stated = reliable.flatMap((row) => {
    const model = modelOf(row);
    const gib = Number(row.kv_gib_logged || row.kv_gib_from_tokens || NaN);
    if (model === undefined || isV0(row) || !(gib > 0) || row.gpu_memory_utilization === "") {
      return [];
    }
    return [{ row, model, gib }];
  });

  const poolOf = (row: Row, model: ModelShape) => {
    const gpu = { ...GPUS.L4, name: row.gpu, memoryBytes: Number(row.total_gib) * GIB };
    const limits = batchLimitsOf(gpu);
    return kvPool(model, gpu, layoutOf(row, model), {
      precision: precisionNamed(row.weights_precision.split(/[ ,/]/)[0], "kv_blocks.csv"),
      tensorParallel: Number(row.tp || 1),
      max_num_batched_tokens: Number(row.max_num_batched_tokens || limits.max_num_batched_tokens),
      max_num_seqs: Number(row.max_num_seqs || limits.max_num_seqs),
      gpu_memory_utilization: Number(row.gpu_memory_utilization),
      enforce_eager: row.enforce_eager === "y",
      vllm: row.vllm.replace(/^~/, ""),
    });
  };
  const off = (row: Row, model: ModelShape, gib: number) => {
    const { blocks, low, high, blockBytes } = poolOf(row, model);
    const inGib = (count: number) => count * blockBytes / GIB;
    return { error: inGib(blocks) / gib - 1, low: inGib(low), high: inGib(high) };
  };
  const proven = stated.filter(({ row }) => /^(L4|A100)/.test(row.gpu));

  test("an L4 and an A100 were started with enough flags", () => {
    expect(proven.length).toBeGreaterThanOrEqual(14);
  });

  test.each(proven.map((each) => [title(each.row), each] as const))(
    "%s: within 6 %, and within 20 % where the pool is small",
    (_title, { row, model, gib }) => {
      expect(Math.abs(off(row, model, gib).error)).toBeLessThan(gib < 6 ? 0.2 : 0.06);
    },
  );

  // Not CUDA: 1.5 GiB lie outside torch. And a card that other processes held 11.9 GiB of.
  const others = stated.filter((each) =>
    !proven.includes(each) && !/Arc|PRO 6000/.test(each.row.gpu)
  );
  test.each(others.map((each) => [title(each.row), each] as const))(
    "%s: within 10 %, and within 20 % where the pool is small",
    (_title, { row, model, gib }) => {
      expect(Math.abs(off(row, model, gib).error)).toBeLessThan(gib < 6 ? 0.2 : 0.1);
    },
  );

  test("at least nine in ten logged pools lie between low and high, to 1 %", () => {
    const inside = [...proven, ...others].filter(({ row, model, gib }) => {
      const { low, high } = off(row, model, gib);
      return gib > 0.99 * low && gib < 1.01 * high;
    });
    expect(inside.length / (proven.length + others.length)).toBeGreaterThanOrEqual(0.9);
  });
});
