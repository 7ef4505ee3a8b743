import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { attentionCodeOf, type Gpu, type SustainedShare } from "../costs/gpu.ts";

const rate = z.number().positive();
const optionalRate = rate.nullish();
const share = z.number().positive().max(1).nullish();

/**
 * A card as JSON, its own or a row of `data/models_gpus/gpus.json`: a data sheet, and what was
 * measured. Peaks are dense, a second. What is absent and not needed is assumed, and said to be.
 */
export const GpuCard = z.strictObject({
  name: z.string().min(1),
  vendor: z.string().optional(),
  /** As CUDA reports them, not the printed size. */
  memory_bytes: rate,
  memory_bytes_source: z.string().optional(),
  peak_bandwidth: rate,
  peak_bf16_flops: optionalRate,
  peak_fp16_flops: optionalRate,
  peak_fp8_flops: optionalRate,
  peak_int8_ops: optionalRate,
  peak_fp4_flops: optionalRate,
  tdp_watts: optionalRate,
  /** One way. */
  pcie_bytes_per_s_one_way: optionalRate,
  /** Both directions together. */
  link_bytes_per_s_total: optionalRate,
  launch_year: z.number().nullish(),
  compute_capability: z.string().nullish(),
  l2_bytes: optionalRate,
  multiprocessors: z.int().positive().nullish(),
  source: z.string().default("own card"),
  measured: z.array(z.looseObject({
    what: z.string(),
    value: z.number(),
    share: z.number().nullish(),
    source: z.string().optional(),
  })).default([]),
  /** Shares of the peaks. A basis that begins with `measured` is taken at its word. */
  sustained: z.strictObject({
    bandwidth_share: share,
    bandwidth_basis: z.string().nullish(),
    matmul_share: share,
    matmul_basis: z.string().nullish(),
    fp8_share: share,
    fp8_basis: z.string().nullish(),
  }).default({
    ...{ bandwidth_share: null, bandwidth_basis: null, matmul_share: null, matmul_basis: null },
    ...{ fp8_share: null, fp8_basis: null },
  }),
  note: z.string().optional(),
}).refine((card) => (card.peak_bf16_flops ?? card.peak_fp16_flops) != null, {
  error: "dense bf16 FLOP a second (or peak_fp16_flops)",
  path: ["peak_bf16_flops"],
});
export type GpuCard = z.output<typeof GpuCard>;
export type GpuCardInput = z.input<typeof GpuCard>;

/**
 * Doubt of a share. Assumed: the spread over the cards that were measured (`spread` in gpus.json:
 * bandwidth −0.08/+0.07, matmul ±0.15). Measured: how far two measurements of one die lie apart
 * (A100: bandwidth 0.868 and 0.914, matmul 0.811 and 0.869).
 */
const DOUBT = {
  bandwidth: { assumed: [0.08, 0.07], measured: [0.025, 0.025] },
  matmul: { assumed: [0.15, 0.15], measured: [0.03, 0.03] },
} as const;

/** How far a share may lie from the measurement that it stands for. */
const MOVED = 0.015;

/** Shares where a card says nothing. Cards of up to 75 W are held down by their power cap. */
const DEFAULT_BANDWIDTH = 0.9;
const DEFAULT_MATMUL = 0.8;
const DEFAULT_MATMUL_OF_75_W = 0.5;
const DEFAULT_FP8 = 0.72;
/** Bytes of L2 and of a PCIe 4.0 link where nothing is said: those of most cards. */
const DEFAULT_L2 = 40 * 2 ** 20;
const PCIE_4 = 31.5e9;

/** A rate that a card sustains, and the share of its peak that it is. */
interface Sustained {
  readonly rate: number;
  readonly share: SustainedShare;
}

/**
 * Peak times the stated share; the measured number itself where the share is that number, rounded or
 * moved a little towards another card of the die.
 */
function sustainedOf(
  card: GpuCard,
  peak: number,
  { of, share: known, basis: said, otherwise, measured: what }: {
    readonly of: keyof typeof DOUBT;
    readonly share: number | null | undefined;
    readonly basis: string | null | undefined;
    /** The share where nothing is said. */
    readonly otherwise: number;
    /** How a measurement of it is called. */
    readonly measured: RegExp;
  },
): Sustained {
  const basis = known != null && said?.startsWith("measured") ? "measured" : "assumed";
  const measured = basis === "assumed"
    ? undefined
    : card.measured.find((each) =>
      what.test(each.what) && Math.abs(each.value / peak - known!) < MOVED
    );
  const rate = measured?.value ?? peak * (known ?? otherwise);
  const value = measured === undefined ? known ?? otherwise : rate / peak;
  const [below, above] = DOUBT[of][basis];
  return {
    rate,
    share: {
      share: value,
      low: Math.max(0.05, value - below),
      high: Math.min(1, value + above),
      basis,
      note: said ?? (known == null ? "assumed: nothing is known of this card" : "assumed"),
    },
  };
}

/** Streaming multiprocessors by data sheet; AMD's compute units. */
const MULTIPROCESSORS: Readonly<Record<string, number>> = {
  ...{ T4: 40, "V100-SXM2-16GB": 80, "V100-SXM2-32GB": 80, A2: 10, A10: 72, A10G: 80, A30: 56 },
  ...{ A40: 84, "RTX A5000": 64, "RTX A6000": 84, "RTX 3090": 82 },
  ...{ "A100-PCIe-40GB": 108, "A100-SXM4-40GB": 108, "A100-PCIe-80GB": 108 },
  ...{ "A100-SXM4-80GB": 108, L4: 58, L40: 142, L40S: 142, "RTX 6000 Ada": 142 },
  ...{ "RTX 4080 SUPER": 80, "RTX 4090": 128, "RTX 5090": 170, "GH200-96GB": 132 },
  ...{ "RTX PRO 6000 Blackwell WS": 188, "RTX PRO 6000 Blackwell Server": 188 },
  ...{ "H100-PCIe-80GB": 114, "H100-SXM5-80GB": 132, "H100-NVL-94GB": 132, H20: 78 },
  ...{ "H200-SXM-141GB": 132, "B200-SXM-180GB": 148, MI210: 104, MI300X: 304, MI325X: 304 },
};

/** The GPU of a card. Throws an InputError that names file and field. */
export function gpuOfCard(input: GpuCardInput, file = "card"): Gpu {
  const card = parseWith(GpuCard, input, file);
  const { sustained: said, tdp_watts: tdp } = card;
  const peakFlops = (card.peak_bf16_flops ?? card.peak_fp16_flops)!;
  const matmulDefault = tdp != null && tdp <= 75 ? DEFAULT_MATMUL_OF_75_W : DEFAULT_MATMUL;
  const bandwidth = sustainedOf(card, card.peak_bandwidth, {
    ...{ of: "bandwidth", share: said.bandwidth_share, basis: said.bandwidth_basis },
    ...{ otherwise: DEFAULT_BANDWIDTH, measured: /^read bandwidth/ },
  });
  const matmul = sustainedOf(card, peakFlops, {
    ...{ of: "matmul", share: said.matmul_share, basis: said.matmul_basis },
    ...{ otherwise: matmulDefault, measured: /^(bf16|fp16) matmul/ },
  });
  const peakFp8 = card.peak_fp8_flops ?? null;
  const fp8 = peakFp8 === null ? null : sustainedOf(card, peakFp8, {
    ...{ of: "matmul", share: said.fp8_share, basis: said.fp8_basis },
    ...{ otherwise: DEFAULT_FP8, measured: /^fp8 matmul/ },
  });
  const int8 = card.peak_int8_ops ?? null;
  const capability = card.compute_capability ?? null;
  const nvlink = card.link_bytes_per_s_total ?? null;
  return {
    name: card.vendor === undefined ? card.name : `${card.vendor} ${card.name}`,
    readBandwidth: bandwidth.rate,
    matmulFlops: matmul.rate,
    fp8Flops: fp8?.rate ?? matmul.rate,
    // Where nothing was measured, of the peak the share that bf16 reaches.
    int8Flops: int8 === null
      ? matmul.rate
      : card.measured.find(({ what }) => /^int8 matmul/.test(what))?.value ??
        int8 * matmul.share.share,
    peakBandwidth: card.peak_bandwidth,
    peakFlops,
    peakFp8Flops: peakFp8 ?? peakFlops,
    sustained: { bandwidth: bandwidth.share, matmul: matmul.share, fp8: fp8?.share ?? null },
    memoryBytes: card.memory_bytes,
    l2Bytes: card.l2_bytes ?? DEFAULT_L2,
    multiprocessors: card.multiprocessors ?? MULTIPROCESSORS[card.name] ?? null,
    computeCapability: capability,
    attention: attentionCodeOf(capability),
    linkBandwidth: nvlink === null ? card.pcie_bytes_per_s_one_way ?? PCIE_4 : nvlink / 2,
    link: nvlink === null ? "PCIe" : "NVLink",
    tdpWatts: tdp ?? null,
    source: sourceOf(card),
  };
}

function sourceOf({ source, measured }: GpuCard): string {
  return [...new Set([source, ...measured.map((each) => each.source ?? "")])]
    .filter((each) => each !== "" && !/^same/.test(each)).join("; ");
}
