import type { DecisionCore } from "../../servers/continuous/decision-core.ts";
import {
  activeLinearParameters,
  headParameters,
  kvBytesRead,
} from "../../servers/costs/model-shape.ts";
import { PRECISIONS } from "../../servers/models/precision.ts";
import { headBytes, linearBytesRead } from "../../servers/models/weights.ts";
import type { SizedServer } from "../../servers/sized-server.ts";

/** What the time of a simulated run went into, as shares of it. */
export interface StepTerms {
  /** Reading weights, and KV of decoding sequences, once a step at the card's bandwidth. */
  readonly weights: number;
  readonly kv: number;
  /** Multiplying by the weights at the card's rate. */
  readonly matmul: number;
  /**
   * The rest: launches, host, sampler, sums over cards, KV that is read more than once. Less than 0
   * where terms hide behind each other.
   */
  readonly host: number;
}

/** Adds up, step by step, what weights, KV and products take at the rates of the card. */
export class TermMeter {
  readonly #sized: SizedServer;
  #weights = 0;
  #kv = 0;
  #matmul = 0;

  constructor(sized: SizedServer) {
    this.#sized = sized;
  }

  /** For the engine: `repeats` times the step that it planned. */
  readonly observe = ({ step }: DecisionCore, repeats: number): void => {
    const { model, gpu, precision, tensorParallel, kvBytesPerValue } = this.#sized;
    const { decoding, prefillTokens } = step;
    const tokens = decoding + prefillTokens;
    if (tokens === 0) return;
    const storage = { precision, tensorParallel };
    const bytes = linearBytesRead(model, tokens, storage) + headBytes(model, storage);
    this.#weights += repeats * bytes / gpu.readBandwidth;
    const flops = PRECISIONS[precision].arithmetic === "fp8" ? gpu.fp8Flops : gpu.matmulFlops;
    const products = activeLinearParameters(model) * tokens / flops +
      headParameters(model) * decoding / gpu.matmulFlops;
    this.#matmul += repeats * 2 * products / tensorParallel;
    if (decoding === 0) return;
    const each = step.context / decoding + (repeats - 1) / 2;
    const read = kvBytesRead(model, each, { bytesPerValue: kvBytesPerValue, tensorParallel });
    this.#kv += repeats * decoding * read / gpu.readBandwidth;
  };

  /** Shares of a run that took `seconds`. */
  shares(seconds: number): StepTerms {
    const weights = this.#weights / seconds, kv = this.#kv / seconds;
    const matmul = this.#matmul / seconds;
    return { weights, kv, matmul, host: 1 - weights - kv - matmul };
  }
}
