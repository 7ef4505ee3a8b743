import { pow } from "../../math/pow.ts";
import {
  commonLinearParameters,
  expertLayers,
  expertParameters,
  headParameters,
  type ModelShape,
  smallParameters,
} from "../costs/model-shape.ts";
import { type Precision, PRECISIONS } from "./precision.ts";

/** How weights are stored, and over how many cards. */
export interface WeightStorage {
  /** @default "bf16": the 16 bits of the checkpoint */
  readonly precision?: Precision;
  /** Ranks that share every matrix. Results are one rank's. @default 1 */
  readonly tensorParallel?: number;
}

/** Bytes of one weight of the blocks' linear layers: of experts, and of all others. */
function bytesPerWeight(model: ModelShape, precision: Precision) {
  const { bitsPerWeight, expertsOnly } = PRECISIONS[precision];
  const quantised = (bitsPerWeight ?? 8 * model.bytesPerValue) / 8;
  return { experts: quantised, others: expertsOnly ? model.bytesPerValue : quantised };
}

/** Bytes of all weights in the memory of one rank. Norms and biases are copied to each. */
export function weightBytes(model: ModelShape, storage: WeightStorage = {}): number {
  const { precision = "bf16", tensorParallel = 1 } = storage;
  const bytes = bytesPerWeight(model, precision);
  const experts = expertLayers(model) * (model.moe?.experts ?? 0) * expertParameters(model);
  const embeddings = (model.tiedEmbeddings ? 1 : 2) * headParameters(model);
  const shared = bytes.others * commonLinearParameters(model) + bytes.experts * experts +
    model.bytesPerValue * embeddings;
  return shared / tensorParallel + model.bytesPerValue * smallParameters(model);
}

/**
 * Experts of a layer that a step of `tokens` tokens goes through, as an expectation: each token takes
 * topK of them, alike and apart from each other. Real routers are less even, so this is an upper end.
 */
export function expectedExperts({ moe }: ModelShape, tokens: number): number {
  if (moe === null) return 0;
  return moe.experts * (1 - pow(1 - moe.topK / moe.experts, tokens));
}

/**
 * Bytes of the blocks' linear weights that a step of `tokens` tokens reads, on one rank: every matrix
 * once, of the experts those that a token goes through. The output head is not among them.
 */
export function linearBytesRead(
  model: ModelShape,
  tokens: number,
  storage: WeightStorage = {},
): number {
  const { precision = "bf16", tensorParallel = 1 } = storage;
  const bytes = bytesPerWeight(model, precision);
  const experts = expertLayers(model) * expectedExperts(model, tokens) * expertParameters(model);
  return (bytes.others * commonLinearParameters(model) + bytes.experts * experts) / tensorParallel;
}

/** Bytes of the output head on one rank. It stays in the model's own type. */
export function headBytes(model: ModelShape, { tensorParallel = 1 }: WeightStorage = {}): number {
  return model.bytesPerValue * headParameters(model) / tensorParallel;
}

/** Sums over ranks that one layer needs: after attention and after the MLP. */
const REDUCTIONS_PER_LAYER = 2;

/** All-reduces of a step, each of one vector of `hidden` values a token. */
export function allReduces({ layers }: ModelShape, tensorParallel: number): number {
  return tensorParallel === 1 ? 0 : REDUCTIONS_PER_LAYER * layers;
}

/**
 * Bytes that one rank sends for each token of a step: a ring's all-reduce moves 2(n − 1)/n of the
 * vector, once after attention and once after the MLP of every layer.
 */
export function allReduceBytesPerToken(model: ModelShape, tensorParallel: number): number {
  const share = 2 * (tensorParallel - 1) / tensorParallel;
  return allReduces(model, tensorParallel) * share * model.hidden * model.bytesPerValue;
}
