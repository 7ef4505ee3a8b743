import { beforeAll, describe, expect, test } from "vitest";
import {
  type MeasuredRow,
  readMeasuredPoints,
} from "../../../src/fidelity/points/measured-point.ts";
import { lengthsOf } from "../../../src/fidelity/points/point-lengths.ts";
import { partsOf, pointServer } from "../../../src/fidelity/points/point-server.ts";
import {
  type PredictedPoint,
  predictPoint,
  type SkippedPoint,
} from "../../../src/fidelity/points/predict-point.ts";
import {
  cardsOff,
  skippedByReason,
  summarizePoints,
} from "../../../src/fidelity/points/summarize-points.ts";
import { readBundled } from "../../../src/files/read-bundled.ts";

let rows: readonly MeasuredRow[];
let csv: string;
beforeAll(async () => {
  csv = new TextDecoder().decode(await readBundled("models_gpus/measured_points.csv"));
  rows = readMeasuredPoints(csv, "points.csv");
});
const row = (id: number) => rows.find((each) => each.id === String(id))!;
const sum = (values: Int32Array) => values.reduce((total, each) => total + each, 0);

test("a row that is no point is refused with its row and field", () => {
  const lines = csv.split("\n");
  const broken = [lines[0], lines[1], lines[2].replace(",closed,4,", ",closed,four,")].join("\n");
  expect(() => readMeasuredPoints(broken, "my.csv"))
    .toThrow(/my\.csv, row 3, field users: got "four", expected a number/);
  expect(() => readMeasuredPoints("id,gpu\n", "my.csv")).toThrow(
    /my\.csv: .*rows of measured points/,
  );
  expect(() => readMeasuredPoints("id,gpu\n1,L4\n", "my.csv")).toThrow(/my\.csv, row 2, field/);
});

describe("lengths of a point", () => {
  test("are fixed where they are said to be", () => {
    const lengths = lengthsOf(row(1), 6)!;
    expect([...lengths.promptTokens, ...lengths.outputTokens]).toEqual([
      ...Array(6).fill(128),
      ...Array(6).fill(256),
    ]);
  });

  test("add up to the totals that are published", () => {
    const fixed = lengthsOf(row(166), 1000)!;
    expect([sum(fixed.promptTokens), sum(fixed.outputTokens)]).toEqual([913_314, 894_823]);
    const chats = lengthsOf(row(106), 1000)!;
    expect(sum(chats.promptTokens) / 217_393).toBeCloseTo(1, 2);
    expect(sum(chats.outputTokens) / 201_605).toBeCloseTo(1, 2);
    expect(Math.max(...chats.promptTokens)).toBeLessThanOrEqual(1024);
    expect(chats.assumed).toMatch(/ShareGPT/);
    const capped = lengthsOf(row(248), 50)!;
    expect(sum(capped.outputTokens) / 22_170).toBeCloseTo(1, 1);
    expect(Math.max(...capped.outputTokens)).toBeLessThanOrEqual(600);
  });

  test("follow the distribution that is stated", () => {
    const { promptTokens } = lengthsOf(row(51), 400)!;
    const sorted = [...promptTokens].sort((a, b) => a - b);
    expect(sorted[200]).toBeGreaterThan(95);
    expect(sorted[200]).toBeLessThan(105);
    // A standard deviation above the median: 100 · e^0.8.
    expect(Math.abs(sorted[336] / 222.6 - 1)).toBeLessThan(0.05);
    expect([sorted[0] >= 16, sorted[399] <= 512]).toEqual([true, true]);
  });

  test("are not made up", () => {
    expect(lengthsOf(row(261), 10)).toBeNull();
  });
});

test("a point's server has the flags that the row says", () => {
  const parts = (id: number) => partsOf(row(id), lengthsOf(row(id), 10)!);
  expect(parts(130)).toMatchObject({
    model: "gpt-oss-120b",
    vllm: "0.11",
    flags: { max_model_len: 32_768, async_scheduling: true, max_num_batched_tokens: 4096 },
  });
  expect(parts(147)).toMatchObject({ tensorParallel: 4, precision: "fp8" });
  expect(parts(157).flags).toMatchObject({ kv_cache_memory_bytes: 5.01 * 2 ** 30 });
  // Pools of four servers, of which this is the last.
  expect(parts(74).kvBlocks).toBe(19_547);
  expect(parts(71).kvBlocks).toBe(9550);
  const { server } = pointServer(row(110), lengthsOf(row(110), 1000)!);
  expect(server.config).toMatchObject({ max_num_batched_tokens: 8192, async_scheduling: false });
});

/**
 * Some constants were chosen on these very points (`card-kernels.ts`): that a card keeps its bar here
 * guards what was reached, and is no proof for points that were not seen.
 *
 * Cards beyond the bar of their median error, and why; a card that is not here must keep its bar.
 */
const BEYOND: Readonly<Record<string, string>> = {
  "A100-SXM4-80GB throughput":
    "chats of 1,000 streams: spread of their lengths, and preemptions of " +
    "a pool of 5 GiB (6.8 %)",
  "H100-SXM5-80GB tpot":
    "1,000 streams at once, whose median depends on the spread of lengths, and " +
    "prompts of Qwen3-14B, 1.6 times slower than on an A100 by what both sustain",
  "RTX 4090 tpot": "the same, and a 0.5B model of which the host's share decides (11.4 %)",
  "RTX 4090 throughput": "two rows of an 8B model that nearly fills 24 GB: KV pool and preemptions",
  "MI300X tpot": "three rows of gpt-oss-20b, kernels of its first weeks under ROCm",
  "B200-SXM-180GB tpot": "three rows of gpt-oss-20b, kernels of its first weeks",
  "B200-SXM-180GB throughput": "the same three rows",
  "A40 throughput": "answers below a cap whose spread is not published; Qwen2.5 samples with top-k",
};

describe("all rows of class A and B", () => {
  let points: PredictedPoint[], skipped: SkippedPoint[];
  beforeAll(() => {
    const found = rows.filter(({ reliability }) => reliability !== "C").map(predictPoint);
    points = found.filter((each): each is PredictedPoint => "terms" in each);
    skipped = found.filter((each): each is SkippedPoint => "why" in each);
  });

  test("are simulated, but for those with a reason", () => {
    expect(points.length).toBeGreaterThanOrEqual(165);
    expect([...skippedByReason(skipped).values()].flat().length).toBe(skipped.length);
    expect(skipped.length).toBeLessThanOrEqual(6);
    for (const { row, compared, terms } of points) {
      expect(Object.values(compared).some((each) => each !== undefined), row.id).toBe(true);
      expect(terms.weights, row.id).toBeGreaterThan(0);
      expect(terms.weights + terms.kv + terms.matmul + terms.host, row.id).toBeCloseTo(1, 9);
    }
  });

  test("users that a first token's wait contradicts were no users: all was sent at once", () => {
    // 100 requests in 740 s with 4 in flight would take 30 s each; the first token took 369 s.
    const ttft = points.find(({ row }) => row.id === "131")!.compared.ttft!;
    expect(ttft.simulated / ttft.measured).toBeGreaterThan(0.3);
  });

  test("keep the bar of TPOT and throughput by card, where it is not said why not", () => {
    const off = cardsOff(summarizePoints(points));
    expect(off.filter(({ gpu, metric }) => !(`${gpu} ${metric}` in BEYOND))).toEqual([]);
  });

  test("of an L4 are within 5 %, half of them, in TPOT and throughput", () => {
    const [l4] = summarizePoints(points).filter(({ gpu }) => gpu === "L4");
    expect(l4.errors.tpot!.points + l4.errors.throughput!.points).toBeGreaterThanOrEqual(60);
    expect(l4.errors.tpot!.median_abs_pct).toBeLessThan(5);
    expect(l4.errors.throughput!.median_abs_pct).toBeLessThan(5);
  });

  test("are summed up by card, and by model on it", () => {
    const groups = summarizePoints(points);
    const cards = groups.filter(({ model }) => model === null);
    expect(cards.reduce((total, each) => total + each.points, 0)).toBe(points.length);
    const models = groups.filter(({ model }) => model !== null);
    expect(models.reduce((total, each) => total + each.points, 0)).toBe(points.length);
    for (const { gpu, errors } of cards) {
      const sizes = points.filter(({ row }) => row.gpu === gpu)
        .flatMap(({ compared }) => compared.tpot ? [Math.abs(compared.tpot.error_pct)] : []);
      if (sizes.length === 0) continue;
      expect(Math.abs(errors.tpot!.worst_pct)).toBe(Math.max(...sizes));
      const below = sizes.filter((each) => each <= errors.tpot!.median_abs_pct).length;
      expect(below).toBeGreaterThanOrEqual(sizes.length / 2);
    }
    for (const { gpu, bar_pct, median_abs_pct } of cardsOff(groups)) {
      expect(median_abs_pct).toBeGreaterThan(bar_pct);
      expect(bar_pct).toBe(/^(L4|A100)/.test(gpu) ? 5 : 10);
    }
  });
});
