import type { ColumnTable } from "arquero";
import { expect, test } from "vitest";
import {
  intervalCoverage,
  type IntervalsAndTruth,
} from "../../../src/fidelity/doubt/interval-coverage.ts";
import { fitServer } from "../../../src/fidelity/fit/fit-server.ts";
import { predictLive } from "../../../src/fidelity/predict-live.ts";
import { predictRecording } from "../../../src/fidelity/predict.ts";
import {
  loadChatRecording,
  loadCpuRecording,
  loadL4Recording,
  loadLiveRun,
  loadServerFile,
} from "../../../src/files/load-recordings.ts";

const RUNS = [
  ...["ds_l3.fcfs32", "ds_l5.fcfs32", "ds_l7.fcfs32", "bgpt.fcfs32", "ds_l5.fcfs32.repeat"],
  ...["ds_l5.fcfs16", "ds_l5_sjf.prio16", "ds_l5.fcfs32.kv2560", "ds_burst.client16.fifo"],
  ...["ds_burst.client16.priority", "azure.fcfs32.mbt512"],
];
const recordings = await Promise.all(RUNS.map(loadCpuRecording));
const fitted = (of: typeof recordings) =>
  fitServer({ name: "CPU", steps: of.map(({ steps }) => steps), recordings: of }).file;

function allOf(runs: readonly IntervalsAndTruth[]) {
  const table: ColumnTable = intervalCoverage(runs);
  return (table.objects() as { metric: string; share: number; width: number }[]).at(-1)!;
}

test("leave one log out: of a server fitted to the others, four in five numbers are inside", () => {
  const runs = recordings.map((recording) => {
    const server = fitted(recordings.filter((other) => other !== recording));
    return predictRecording(recording, server);
  });
  const { share, width } = allOf(runs);
  expect(share).toBeGreaterThanOrEqual(0.8);
  expect(width).toBeLessThan(0.25);
});

test("recordings under other flags than the fitted four's, and live runs of another day", async () => {
  const server = fitted(recordings.slice(0, 4));
  const unseen = recordings.slice(4).map((recording) => predictRecording(recording, server));
  expect(allOf(unseen).share).toBeGreaterThanOrEqual(0.8);
  const live = await Promise.all(
    ["fifo.window16", "fifo.window16.repeat", "sjf.window16", "sjf_none.window16"].map(loadLiveRun),
  );
  const found = live.map(({ run, flags }) =>
    predictLive(run, { server: { cost: server, config: flags } })
  );
  const runs = found.map(({ fidelity, intervals }) => ({ fidelity, intervals: intervals! }));
  expect(allOf(runs).share).toBeGreaterThanOrEqual(0.8);
});

test("conversations: of a server fitted to one log each, with prefix caching or without", async () => {
  const chats = await Promise.all(
    ["chat_l3.apc", "chat_l5.apc", "chat_l5.apc.repeat", "chat_l5.noapc"].map(loadChatRecording),
  );
  const runs = chats.flatMap((one) => {
    const server = fitted([one]);
    return chats.filter((other) => other !== one)
      .map((recording) => predictRecording(recording, server));
  });
  expect(runs).toHaveLength(12);
  expect(allOf(runs).share).toBeGreaterThanOrEqual(0.8);
  expect(allOf(runs).width).toBeLessThan(0.6);
});

test("a preset of ceilings: the L4's 160 requests", async () => {
  const found = predictRecording(await loadL4Recording(), await loadServerFile("l4-qwen3-1.7b"));
  const { share, width } = allOf([found]);
  expect(share).toBeGreaterThanOrEqual(0.8);
  expect(width).toBeLessThan(0.2);
});

test("by metric and in all: how many are inside, and the median of the widths", () => {
  const number = (measured: number) => ({ measured, simulated: 1, error_pct: 0 });
  const numbers = (of: (metric: string) => number) =>
    Object.fromEntries(
      ["ttft_p50", "ttft_p99", "tpot_p50", "tpot_p99", "e2e_p50", "e2e_p99"]
        .concat("output_tokens_per_s", "makespan_s").map((name) => [name, of(name)]),
    );
  const run = (measured: number, width: number) =>
    ({
      fidelity: mapped(numbers(() => measured), number),
      intervals: {
        metrics: mapped(numbers(() => width), (wide) => ({ predicted: 1, low: 1, high: 1 + wide })),
      },
    }) as unknown as IntervalsAndTruth;
  const rows = intervalCoverage([run(1.1, 0.2), run(1.3, 0.2), run(1.3, 0.4)]).objects();
  expect(rows).toHaveLength(9);
  expect(rows[0]).toMatchObject({ metric: "ttft_p50", predictions: 3, inside: 2 });
  expect(rows.at(-1)).toMatchObject({ metric: "all", predictions: 24, inside: 16 });
  expect((rows[0] as { width: number }).width).toBeCloseTo(0.2, 12);
});

function mapped<T>(record: Record<string, number>, of: (value: number) => T) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
}
