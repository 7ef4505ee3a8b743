import { describe, expect, test } from "vitest";
import { compareRuns } from "../../src/fidelity/compare.ts";
import { type LoadPoint, loadPointOf } from "../../src/fidelity/load-point.ts";
import { readMeasuredPoints } from "../../src/fidelity/points/measured-point.ts";
import type { RecordedRequests } from "../../src/fidelity/recorded-run.ts";
import { simulateRecording } from "../../src/fidelity/simulate-recording.ts";
import { serverOf, withConfig } from "../../src/servers/server.ts";
import { loadL4Points, loadL4Recording, loadServerFile } from "../../src/files/load-recordings.ts";
import { readBundled } from "../../src/files/read-bundled.ts";

const textOf = async (path: string) => new TextDecoder().decode(await readBundled(path));

const { requests: recorded } = await loadL4Recording();
const qwen3 = await loadServerFile("l4-qwen3-1.7b");
const qwen3Small = await loadServerFile("l4-qwen3-0.6b");

test("160 requests on a real L4 come out within 3 % each, and their quantiles too", () => {
  const found = compareRuns(recorded, simulateRecording(recorded, serverOf(qwen3), null));
  expect(found.requests).toBe(160);
  expect(found.e2e_mae_pct).toBeLessThan(3);
  const within = (
    name: "ttft_p50" | "ttft_p99" | "tpot_p50" | "tpot_p99" | "e2e_p50" | "makespan_s",
    pct: number,
  ) => expect(Math.abs(found[name].error_pct!), name).toBeLessThan(pct);
  within("ttft_p50", 5);
  within("ttft_p99", 10);
  within("tpot_p50", 6);
  within("tpot_p99", 5);
  within("e2e_p50", 5);
  within("makespan_s", 1);
});

test("a first token waits for two steps in flight: with one alone the time is missing", () => {
  // The same times of steps, and no host between them.
  const server = serverOf(qwen3);
  const alone = withConfig(server, { ...qwen3.server!, async_scheduling: false });
  const run = simulateRecording(recorded, { ...alone, cost: server.cost }, null);
  expect(compareRuns(recorded, run).ttft_p50.error_pct).toBeLessThan(-15);
});

const MODELS = ["Qwen3-0.6B", "Qwen3-1.7B"] as const;
const points = (await Promise.all(MODELS.map(async (model) => {
  const found = await loadL4Points(model);
  return found.map((point) => ({ model, ...point }));
}))).flat();

test("the 18 load points are there, with the requests that their author sent", () => {
  const sizes = (model: string) =>
    points.filter((point) => point.model === model)
      .map(({ load, recording }) => `${load}: ${recording.requests.size}`);
  expect(sizes("Qwen3-1.7B")).toEqual(
    ["open 1: 40", "open 2: 80", "open 4: 160", "closed 1: 20", "closed 8: 64", "closed 32: 128"],
  );
  expect(sizes("Qwen3-0.6B").length).toBe(12);
  const [slow, , fast] = points.map(({ recording }) => recording.requests.arrival[39]);
  expect(slow / fast).toBeCloseTo(4, 12);
  // The workload that was made anew is the one that was logged.
  const { recording } = points.find(({ load }) => load === "open 4")!;
  expect(recording.requests.promptTokens).toEqual(recorded.promptTokens);
  expect(recording.requests.outputTokens).toEqual(recorded.outputTokens);
  const late = recording.requests.arrival.map((at, row) => Math.abs(at - recorded.arrival[row]));
  expect(late.every((seconds) => seconds < 1e-4)).toBe(true);
});

/** Bars of the errors, as shares. */
const BARS = {
  output_tok_s: 0.03,
  ttft_p50_ms: 0.1,
  ttft_p99_ms: 0.2,
  tpot_p50_ms: 0.06,
  tpot_p99_ms: 0.2,
} as const;

/** What lies beyond its bar: a number between the third and the fourth largest of 300. */
const BEYOND: Readonly<Record<string, Partial<Record<keyof LoadPoint, number>>>> = {
  "Qwen3-0.6B, open 16": { ttft_p99_ms: 0.23 },
};

describe("with the same constants for both models", () => {
  test.each(points)(
    "$model, $load comes out within the bars",
    ({ model, load, measured, recording: { requests, description } }) => {
      const file = model === "Qwen3-0.6B" ? qwen3Small : qwen3;
      const server = serverOf({ cost: file, config: description.server });
      const run = simulateRecording(requests, server, description.client);
      const found = loadPointOf(requests, run);
      // Printed with one digit: 0.2 requests a second may be 0.25.
      const { achieved_req_s: achieved } = measured;
      expect(Math.abs(found.achieved_req_s - achieved)).toBeLessThan(0.05 + 0.03 * achieved);
      for (const [name, bar] of Object.entries(BARS) as [keyof typeof BARS, number][]) {
        const allowed = BEYOND[`${model}, ${load}`]?.[name] ?? bar;
        const error = found[name] / measured[name] - 1;
        expect(Math.abs(error), name).toBeLessThan(allowed);
      }
    },
  );

  test("all errors together are smaller than those of the reference's form", () => {
    // Mean soft error in units of 1.5 % (tokens a second), 3 and 6 % (TPOT), 6 and 12 % (TTFT): 0.344
    // there, over these points and the sweep.
    const scales = {
      ...{ output_tok_s: 0.015, tpot_p50_ms: 0.03, tpot_p99_ms: 0.06 },
      ...{ ttft_p50_ms: 0.06, ttft_p99_ms: 0.12 },
    };
    let sum = 0, count = 0;
    for (const { model, measured, recording: { requests, description } } of points) {
      const file = model === "Qwen3-0.6B" ? qwen3Small : qwen3;
      const server = serverOf({ cost: file, config: description.server });
      const found = loadPointOf(requests, simulateRecording(requests, server, description.client));
      for (const [name, scale] of Object.entries(scales) as [keyof typeof scales, number][]) {
        const units = Math.log(found[name] / measured[name]) / scale;
        sum += Math.sqrt(1 + units * units) - 1;
        count++;
      }
    }
    expect(sum / count).toBeLessThan(0.28);
  });
});

/** Requests of one length, all there from the start. */
function alike(size: number, promptTokens: number, outputTokens: number): RecordedRequests {
  const all = (value: number) => new Int32Array(size).fill(value);
  const never = new Float64Array(size).fill(NaN);
  return {
    size,
    id: Array.from({ length: size }, (_, row) => String(row)),
    ...{ arrival: new Float64Array(size), promptTokens: all(promptTokens) },
    ...{ outputTokens: all(outputTokens), priority: all(0), tier: new Uint8Array(size) },
    ...{ firstToken: never, finish: never },
  };
}

const publicPoints = readMeasuredPoints(
  await textOf("models_gpus/measured_points.csv"),
  "measured_points.csv",
).filter((row) =>
  row.gpu === "L4" && row.precision === "bf16" && MODELS.some((model) => model === row.model) &&
  row.kind === "closed" && row.input_len !== undefined && !/lognormal/.test(row.lengths_note) &&
  !/PIECEWISE/.test(row.flags)
);

describe("requests of one length", () => {
  test("a sweep over users, single prompts, and a run short of KV are among the public points", () => {
    expect(publicPoints.length).toBeGreaterThanOrEqual(10);
    expect(publicPoints.some(({ users, input_len }) => users === 96 && input_len === 4096)).toBe(
      true,
    );
  });

  test.each(publicPoints)(
    "$model, $users users, $input_len in, $output_len out",
    ({ model, users, requests: size, input_len, output_len, ...measured }) => {
      const requests = alike(size!, input_len!, output_len!);
      const file = model === "Qwen3-0.6B" ? qwen3Small : qwen3;
      const client = { in_flight_window: users!, order: "fifo" };
      const found = loadPointOf(requests, simulateRecording(requests, serverOf(file), client));
      const within = (name: "output_tok_s" | "ttft_p50_ms" | "tpot_p50_ms", bar: number) => {
        const value = measured[name];
        if (value === undefined) return;
        expect(Math.abs(found[name] / value - 1), name).toBeLessThan(bar);
      };
      within("output_tok_s", 0.03);
      within("ttft_p50_ms", 0.1);
      within("tpot_p50_ms", 0.06);
    },
  );
});

const POLYSERVE = JSON.parse(await textOf("l4_measured/polyserve_L4_vllm_qwen2.5-7b.json"))
  .synthetic_512in_128out as Record<"bf16" | "fp8", Record<string, number>[]>;

test.each(["bf16", "fp8"] as const)(
  "Qwen2.5-7B in %s, a model that the kernels were not fitted to, comes out within 5 percent",
  async (kind) => {
    const file = await loadServerFile(`l4-qwen2.5-7b-${kind}`);
    for (const point of POLYSERVE[kind]) {
      const requests = alike(8 * point.concurrency, 512, 128);
      const client = { in_flight_window: point.concurrency, order: "fifo" };
      const found = loadPointOf(requests, simulateRecording(requests, serverOf(file), client));
      const off = (name: "output_tok_s" | "tpot_p50_ms", measured: number) =>
        Math.abs(found[name] / measured - 1);
      const what = `${point.concurrency} users`;
      expect(off("output_tok_s", point.tok_s), what).toBeLessThan(0.05);
      expect(off("tpot_p50_ms", point.tpot_p50_ms), what).toBeLessThan(0.05);
      // In fp8, four prompts at once lose more of the speed that one prompt has: 15 % are missing. 8 take
      // two steps: whose first token is the median is a matter of one request.
      if (point.concurrency < 8) {
        expect(Math.abs(found.ttft_p50_ms / point.ttft_p50_ms - 1), what)
          .toBeLessThan(kind === "bf16" ? 0.12 : 0.16);
      }
    }
  },
);
