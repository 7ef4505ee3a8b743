import type { Gpu, SustainedShare } from "./costs/gpu.ts";
import { CLOUD_HOST } from "./costs/host.ts";
import { parameterCount } from "./costs/model-shape.ts";
import { cardKernels, DELIVERY_SECONDS, type KernelConstant } from "./gpus/card-kernels.ts";
import { PRECISIONS } from "./models/precision.ts";
import type { SizedServer } from "./sized-server.ts";

/** A number that a simulated server rests on. */
export interface Premise {
  readonly what: string;
  readonly value: string;
  /** `stated`: a data sheet, a config.json or a flag says it; `rule`: worked out as vLLM does. */
  readonly basis: "measured" | "assumed" | "stated" | "rule";
  readonly note: string;
}

const GIB = 2 ** 30;
const number = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
const percent = (value: number) => `${(100 * value).toFixed(0)} %`;

function rate(
  what: string,
  [value, unit]: readonly [value: number, unit: string],
  { share, low, high, basis, note }: SustainedShare,
): Premise {
  return {
    what,
    value: `${value.toPrecision(4)} ${unit}, ${percent(share)} of the peak ` +
      `(${percent(low)} to ${percent(high)})`,
    basis,
    note,
  };
}

/** Rates of the card that a step of this precision takes. */
function ratesOf(gpu: Gpu, arithmetic: "bf16" | "fp8" | "int8"): Premise[] {
  const { bandwidth, matmul, fp8 } = gpu.sustained;
  const rates = [
    rate("read bandwidth", [gpu.readBandwidth / 1e9, "GB/s"], bandwidth),
    rate("bf16 matmul", [gpu.matmulFlops / 1e12, "TFLOP/s"], matmul),
  ];
  if (arithmetic === "fp8" && fp8 !== null) {
    rates.push(rate("fp8 matmul", [gpu.fp8Flops / 1e12, "TFLOP/s"], fp8));
  }
  return rates;
}

/** What vLLM's kernels and the host make of the card. */
function kernelPremises({ model, gpu, precision, tensorParallel }: SizedServer): Premise[] {
  const kernels = cardKernels(gpu, precision);
  const us = (constant: KernelConstant, what: string) => {
    const { value, low, high } = constant;
    const [at, from, to] = [value, low, high].map((seconds) => (1e6 * seconds).toFixed(0));
    return constantPremise(what, constant, `${at} us (${from} to ${to})`);
  };
  const share = (constant: KernelConstant, what: string) => {
    const { value, low, high } = constant;
    return constantPremise(
      what,
      constant,
      `${percent(value)} (${percent(low)} to ${percent(high)})`,
    );
  };
  return [
    us(kernels.fixedPerLayer, "small kernels, by layer"),
    share(kernels.promptMatmul, "prompts' share of matmul"),
    ...model.moe === null ? [] : [
      us(kernels.fixedPerExpertLayer, "more, with experts"),
      share(kernels.expertPromptMatmul, "of that, experts"),
    ],
    ...tensorParallel === 1 ? [] : [us(kernels.allReduceSeconds, "a sum over the cards")],
    us(DELIVERY_SECONDS, "passing a token on"),
    {
      what: "host",
      value: CLOUD_HOST.name,
      basis: gpu.name === "NVIDIA L4" ? "measured" : "assumed",
      note: "the machine of the L4; its CPU launches steps and runs the front end",
    },
  ];
}

const constantPremise = (
  what: string,
  { basis, note }: KernelConstant,
  value: string,
): Premise => ({
  ...{ what, value, basis, note },
});

/** What a server rests on, number by number: what was measured, what is assumed. */
export function premisesOf(sized: SizedServer): readonly Premise[] {
  const { model, gpu, precision, tensorParallel, pool, blocks, blocksGiven, vllm } = sized;
  const gib = (bytes: number) => `${(bytes / GIB).toFixed(2)} GiB`;
  const one = `${gib(pool.blockBytes)}`.startsWith("0.00")
    ? `${number(pool.blockBytes)} B`
    : gib(pool.blockBytes);
  return [
    {
      what: "model",
      value: `${model.name}, ${(parameterCount(model) / 1e9).toPrecision(3)} B parameters, ` +
        `${gib(pool.parts.weights)} of weights on a card in ${precision}`,
      basis: "stated",
      note: model.source,
    },
    { what: "card", value: gpu.name, basis: "stated", note: gpu.source },
    ...ratesOf(gpu, PRECISIONS[precision].arithmetic),
    ...tensorParallel === 1 ? [] : [{
      what: "link between cards",
      value: `${(gpu.linkBandwidth / 1e9).toPrecision(3)} GB/s one way, ${gpu.link}`,
      basis: "stated" as const,
      note: "data sheet; what all-reduces reach of it is assumed",
    }],
    ...kernelPremises(sized),
    {
      what: "attention",
      value: gpu.attention,
      basis: "rule",
      note: `by compute capability ${gpu.computeCapability ?? "unknown"}`,
    },
    {
      what: "KV blocks",
      value: blocksGiven
        ? `${number(blocks)} of ${one}`
        : `${number(blocks)} of ${one} (${number(pool.low)} to ${number(pool.high)})`,
      basis: blocksGiven ? "stated" : "rule",
      note: blocksGiven ? "given" : `sized as vLLM ${vllm} does at its start`,
    },
  ];
}

/** The same as lines of text, those that are assumed marked. */
export function describeSizedServer(sized: SizedServer): string {
  const lines = premisesOf(sized).map(({ what, value, basis, note }) =>
    `  ${what.padEnd(25)} ${basis.padEnd(8)} ${value}; ${note}`
  );
  return [`${sized.server.name}:`, ...lines].join("\n");
}
