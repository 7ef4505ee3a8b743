import { expect, test } from "vitest";
import bundled from "../../../data/models_gpus/gpus.json" with { type: "json" };
import { gpuNamed, GPUS, L4 } from "../../../src/servers/gpus/bundled.ts";
import { gpuOfCard } from "../../../src/servers/gpus/card.ts";

test("every bundled card has rates below its peaks, and a doubt around its shares", () => {
  expect(Object.keys(GPUS)).toHaveLength(41);
  for (const row of bundled.gpus) {
    const gpu = GPUS[row.name];
    const { bandwidth, matmul, fp8 } = gpu.sustained;
    expect(Math.abs(bandwidth.share - row.sustained.bandwidth_share)).toBeLessThan(0.015);
    expect(Math.abs(matmul.share - row.sustained.matmul_share)).toBeLessThan(0.015);
    expect(gpu.readBandwidth / gpu.peakBandwidth).toBeCloseTo(bandwidth.share, 12);
    expect(gpu.matmulFlops / gpu.peakFlops).toBeCloseTo(matmul.share, 12);
    expect(fp8 === null).toBe(row.peak_fp8_flops === null);
    for (const each of [bandwidth, matmul, ...fp8 ? [fp8] : []]) {
      expect(each.low).toBeLessThan(each.share);
      expect(each.high).toBeGreaterThanOrEqual(each.share);
      expect(each.high).toBeLessThanOrEqual(1);
    }
    expect(gpu.linkBandwidth).toBeGreaterThan(0);
  }
});

test("the L4 is what was measured of it", () => {
  expect(L4).toMatchObject({
    name: "NVIDIA L4",
    readBandwidth: 262e9,
    matmulFlops: 57e12,
    fp8Flops: 117.8e12,
    int8Flops: 128.1e12,
    peakBandwidth: 300e9,
    memoryBytes: 23_659_151_360,
    multiprocessors: 58,
    attention: "FA2",
    link: "PCIe",
  });
  expect([L4.sustained.bandwidth.basis, L4.sustained.matmul.basis]).toEqual([
    "measured",
    "measured",
  ]);
});

test("where a rate was measured, it is the measured one", () => {
  expect(GPUS["A100-SXM4-80GB"].readBandwidth).toBe(1.769e12);
  expect(GPUS["H100-SXM5-80GB"].matmulFlops).toBe(794.5e12);
});

test.each([
  ["A100-SXM4-80GB", "FA2"],
  ["RTX 5090", "FA2"],
  ["H100-SXM5-80GB", "FA3"],
  ["B200-SXM-180GB", "FlashInfer"],
  ["MI300X", "Triton"],
  ["T4", "Triton"],
])("vLLM reads KV on %s by %s", (name, code) => {
  expect(GPUS[name].attention).toBe(code);
});

test("a card is found whatever its hyphens, and by the start of its name if that is one card's", () => {
  expect(gpuNamed("rtx4090")).toBe(GPUS["RTX 4090"]);
  expect(gpuNamed("NVIDIA L4")).toBe(L4);
  expect(gpuNamed("h200")).toBe(GPUS["H200-SXM-141GB"]);
  expect(() => gpuNamed("A100")).toThrow(/gpu, field gpu: got "A100", expected .*A100-PCIe-40GB/);
  expect(() => gpuNamed("L5")).toThrow(/got "L5", expected .*T4, V100/);
});

const OWN = { name: "Card X", memory_bytes: 24e9, peak_bandwidth: 1e12, peak_bf16_flops: 2e14 };

test("of a card of one's own all that was not measured is assumed, with the spread of other cards", () => {
  const gpu = gpuOfCard(OWN);
  expect(gpu.readBandwidth).toBe(0.9e12);
  expect(gpu.sustained.bandwidth).toMatchObject({ basis: "assumed", high: 0.97 });
  expect(gpu.sustained.bandwidth.low).toBeCloseTo(0.82, 12);
  expect(gpu.sustained.fp8).toBeNull();
  expect(gpu.fp8Flops).toBe(gpu.matmulFlops);
  const measured = gpuOfCard({
    ...OWN,
    sustained: { bandwidth_share: 0.95, bandwidth_basis: "measured by a copy" },
  });
  expect(measured.sustained.bandwidth.basis).toBe("measured");
  expect(measured.readBandwidth).toBe(0.95e12);
});

test.each([
  [
    { ...OWN, peak_bandwidth: undefined },
    /my\.json, field peak_bandwidth: got undefined, expected/,
  ],
  [{ ...OWN, peak_bf16_flops: undefined }, /my\.json, field peak_bf16_flops: .*bf16 FLOP/],
  [{ ...OWN, memory_bytes: -1 }, /my\.json, field memory_bytes: got -1/],
  [{ ...OWN, peak_bandwith: 3 }, /my\.json, field peak_bandwith: got 3, expected a known name/],
  [{ ...OWN, sustained: { bandwidth_share: 1.2 } }, /field sustained\.bandwidth_share: got 1\.2/],
])("card %# is refused with file, field and value", (card, message) => {
  expect(() => gpuOfCard(card as typeof OWN, "my.json")).toThrow(message);
});
