import { expect, test } from "vitest";
import { readBundled } from "../../../../src/files/read-bundled.ts";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";
import { mean, quantileSorted } from "../../../../src/statistics/quantile.ts";

const read = async (source: string, lenient = false) =>
  await readTrace(await readBundled(source), { source, lenient });
const between = (from: Float64Array, to: Float64Array) => to.map((at, row) => at - from[row]);

test("the L4's log holds the times of the notes", async () => {
  const { workload, measured, report } = await read(
    "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv",
  );
  expect(report).toMatchObject({
    format: "l4-log",
    rowsRead: 160,
    rowsKept: 160,
    columnsIgnored: [],
  });
  const sent = measured!.sent!;
  const ttft = between(sent, measured!.firstToken!).sort();
  // Source: notes on the traces, section 4.3, measured, from sending on.
  expect(1000 * quantileSorted(ttft, 0.5)).toBeCloseTo(72.8, 1);
  expect(1000 * quantileSorted(ttft, 0.99)).toBeCloseTo(194.7, 1);
  expect(1000 * mean(between(sent, measured!.finish!))).toBeCloseTo(5951, 0);
  expect(between(workload.requests.arrival, sent).every((late) => late >= 0)).toBe(true);
});

test("a recording of the CPU server keeps categories, tiers, priorities and the server's times", async () => {
  const { workload: { requests }, measured, report } = await read(
    "vllm_cpu_measured/ds_burst.client16.priority.requests.csv",
  );
  expect(report).toMatchObject({ format: "recorded-requests", rowsKept: 300, columnsIgnored: [] });
  const ids = requests.extra!.id as { codes: Uint8Array; names: readonly string[] };
  expect(ids.names[ids.codes[0]]).toBe("0");
  expect(requests.tier.names).toEqual(["0", "1", "2"]);
  expect(requests.category.names.toSorted()).toEqual(["long", "medium", "report", "short"]);
  expect(requests.extra!.priority).toEqual(Int32Array.from(requests.tier.codes));
  // Source: README of the recordings.
  const e2e = between(requests.arrival, measured!.finish!).sort();
  expect(quantileSorted(e2e, 0.5)).toBeCloseTo(33.74, 1);
  expect(mean(e2e)).toBeCloseTo(34.56, 1);
  expect(Object.keys(measured!.durations!))
    .toEqual(["server_queue", "server_ttft", "server_generation"]);
});
