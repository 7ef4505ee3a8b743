import { expect, test } from "vitest";
import { compareRuns } from "../../../src/engines/fidelity/compare.ts";
import {
  readRecordedRequests,
  type RecordedRequests,
} from "../../../src/engines/fidelity/recorded-run.ts";
import { simulateRecording } from "../../../src/engines/fidelity/simulate-recording.ts";
import { ServerFile, stepCostOf } from "../../../src/engines/step-cost/server-file.ts";
import { readBytes } from "../../../src/files/read-bytes.ts";
import { DATA_FOLDER } from "../../../src/files/read-bundled.ts";

const text = async (path: string) =>
  new TextDecoder().decode(await readBytes(new URL(path, DATA_FOLDER)));
const server = async (name: string) =>
  ServerFile.parse(JSON.parse(await text(`servers/${name}.json`)));
const LOG = "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
const recorded = readRecordedRequests(await text(LOG), LOG).requests;
const qwen3 = await server("l4-qwen3-1.7b");

test("160 requests on a real L4 come out within 3 % each, and their quantiles too", () => {
  const cost = stepCostOf(qwen3, 256);
  const found = compareRuns(
    recorded,
    simulateRecording(recorded, { server: qwen3.server!, client: null }, cost),
  );
  expect(found.requests).toBe(160);
  expect(found.e2e_mae_pct).toBeLessThan(3);
  const within = (
    name: "ttft_p50" | "ttft_p99" | "tpot_p50" | "e2e_p50" | "makespan_s",
    pct: number,
  ) => expect(Math.abs(found[name].error_pct!), name).toBeLessThan(pct);
  within("ttft_p50", 5);
  within("ttft_p99", 15);
  within("tpot_p50", 3);
  within("e2e_p50", 3);
  within("makespan_s", 1);
});

test("what an L4's first token waits for is asynchronous scheduling: without it 20 % are missing", () => {
  const flags = { ...qwen3.server!, async_scheduling: false };
  const run = simulateRecording(recorded, { server: flags, client: null }, stepCostOf(qwen3, 256));
  expect(compareRuns(recorded, run).ttft_p50.error_pct).toBeLessThan(-20);
});

interface Point {
  readonly requestsPerSecond?: number;
  readonly tokensPerSecond: number;
  readonly ttftP50: number;
  readonly ttftP99?: number;
  readonly tpotP50: number;
  readonly tpotP99?: number;
}

/** Throughput, and quantiles in ms from the request's submission on. */
function pointOf(requests: RecordedRequests, run: ReturnType<typeof simulateRecording>): Point {
  const last = Math.max(...run.finish);
  const tokens = requests.outputTokens.reduce((sum, each) => sum + each, 0);
  const ms = (of: (row: number) => number) =>
    Array.from(requests.id, (_, row) => 1000 * of(row)).sort((a, b) => a - b);
  const ttft = ms((row) => run.firstToken[row] - run.submitted[row]);
  const tpot = ms((row) =>
    (run.finish[row] - run.firstToken[row]) / (requests.outputTokens[row] - 1)
  );
  const quantile = (sorted: number[], p: number) => {
    const at = p * (sorted.length - 1), low = Math.floor(at);
    return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  };
  return {
    requestsPerSecond: requests.size / last,
    tokensPerSecond: tokens / last,
    ttftP50: quantile(ttft, 0.5),
    ttftP99: quantile(ttft, 0.99),
    tpotP50: quantile(tpot, 0.5),
    tpotP99: quantile(tpot, 0.99),
  };
}

/** The first `size` requests, their arrivals stretched: the author drew them so at each rate. */
function firstOf(size: number, stretch: number): RecordedRequests {
  const { id, promptTokens, outputTokens, priority, tier, firstToken, finish } = recorded;
  const arrival = recorded.arrival.slice(0, size).map((at) => at * stretch);
  return {
    ...{ size, arrival, id: id.slice(0, size), tier: tier.slice(0, size) },
    ...{ promptTokens: promptTokens.slice(0, size), outputTokens: outputTokens.slice(0, size) },
    ...{ priority: priority.slice(0, size), firstToken, finish },
  };
}

const POINTS = JSON.parse(await text("l4_measured/qwen3-1.7b_L4_vllm0.30.json"))
  .load_sweep["Qwen3-1.7B"] as Record<string, number | string>[];

test.each(
  [
    ["open 1", 40, 4, null],
    ["open 2", 80, 2, null],
    ["open 4", 160, 1, null],
    ["closed 1", 20, 0, 1],
    ["closed 8", 64, 0, 8],
    ["closed 32", 128, 0, 32],
  ] as const,
)("load point %s of the L4 comes out within 10 %%", (load, size, stretch, window) => {
  const point = POINTS.find((each) => each.load === load)!;
  const requests = firstOf(size, stretch);
  const client = window === null ? null : { in_flight_window: window, order: "fifo" };
  const run = simulateRecording(
    requests,
    { server: qwen3.server!, client },
    stepCostOf(qwen3, 256),
  );
  const found = pointOf(requests, run);
  // Printed with one digit: 0.2 requests a second may be 0.25.
  expect(found.requestsPerSecond).toBeCloseTo(point.achieved_req_s as number, 0.8);
  const within = (simulated: number, name: string, share = 0.1) =>
    expect(Math.abs(simulated / (point[name] as number) - 1), name).toBeLessThan(share);
  within(found.tokensPerSecond, "output_tok_s");
  // At 8 users half a step is missing: each comes back as the step after the next is planned.
  within(found.ttftP50, "ttft_p50_ms", load === "closed 8" ? 0.18 : 0.1);
  within(found.ttftP99!, "ttft_p99_ms");
  within(found.tpotP50, "tpot_p50_ms");
  within(found.tpotP99!, "tpot_p99_ms");
});

const POLYSERVE = JSON.parse(await text("l4_measured/polyserve_L4_vllm_qwen2.5-7b.json"))
  .synthetic_512in_128out as Record<"bf16" | "fp8", Record<string, number>[]>;

test.each(["bf16", "fp8"] as const)(
  "Qwen2.5-7B in %s on an L4 comes out within 10 %% in tokens a second and a token's time",
  async (kind) => {
    const file = await server(`l4-qwen2.5-7b-${kind}`);
    for (const point of POLYSERVE[kind]) {
      const size = 8 * point.concurrency;
      const all = (value: number) => new Int32Array(size).fill(value);
      const never = new Float64Array(size).fill(NaN);
      const requests: RecordedRequests = {
        size,
        id: Array.from({ length: size }, (_, row) => String(row)),
        ...{ arrival: new Float64Array(size), promptTokens: all(512), outputTokens: all(128) },
        ...{ priority: all(0), tier: new Uint8Array(size), firstToken: never, finish: never },
      };
      const client = { in_flight_window: point.concurrency, order: "fifo" };
      const run = simulateRecording(
        requests,
        { server: file.server!, client },
        stepCostOf(file, 256),
      );
      const found = pointOf(requests, run);
      expect(Math.abs(found.tokensPerSecond / point.tok_s - 1)).toBeLessThan(0.03);
      expect(Math.abs(found.tpotP50 / point.tpot_p50_ms - 1)).toBeLessThan(0.03);
      // 8 prompts take two steps: whose first token is the median is a matter of one request.
      if (point.concurrency < 8) {
        expect(Math.abs(found.ttftP50 / point.ttft_p50_ms - 1)).toBeLessThan(0.11);
      }
    }
  },
);
