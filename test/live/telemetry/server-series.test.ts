import { describe, expect, test } from "vitest";
import { ServerRecorder } from "../../../src/live/telemetry/server-series.ts";
import { readSnapshot } from "../../../src/live/telemetry/server-snapshot.ts";
import { writeServerTelemetryCsv } from "../../../src/live/telemetry/telemetry-csv.ts";

const recorded = (name: string) =>
  Deno.readTextFileSync(
    new URL(`../../fixtures/vllm-0.30-cpu/metrics/${name}.txt`, import.meta.url),
  );
const snapshot = (text: string, models?: string[]) =>
  readSnapshot(text, { source: "page", models });

function record(pages: readonly (string | null)[]) {
  const recorder = new ServerRecorder("http://a");
  pages.forEach((page, i) => recorder.add(i, page === null ? null : snapshot(page)));
  return recorder.finish();
}

describe("a snapshot", () => {
  test("of a real server that preempted", () => {
    const { gauges, counters, histograms, processStart } = snapshot(recorded("s6"));
    expect(gauges).toEqual({ running: 0, waiting: 0, kvUsage: 0 });
    expect(counters).toEqual({
      preemptions: 686,
      promptTokens: 8663,
      generationTokens: 64498,
      finished: 304,
      prefixQueries: 0,
      prefixHits: 0,
    });
    expect(processStart).toBe(1.79542826343e9);
    expect(Object.entries(histograms).map(([name, histogram]) => [name, histogram?.count]))
      .toEqual([
        ...["ttft"].map((name) => [name, 304]),
        ["itl", 64498 - 304],
        ...["tpot", "e2e", "queue", "prefill", "decode"].map((name) => [name, 304]),
      ]);
  });

  test("holds the models asked for, engines added up", () => {
    const series = (model: string, engine: number, value: number) =>
      `vllm:num_requests_running{model_name="${model}",engine="${engine}"} ${value}\n` +
      `vllm:kv_cache_usage_perc{model_name="${model}",engine="${engine}"} ${value / 10}\n`;
    const page = series("a", 0, 1) + series("a", 1, 2) + series("b", 0, 4);
    expect(snapshot(page, ["a"]).gauges).toMatchObject({
      running: 3,
      kvUsage: 0.15000000000000002,
    });
    expect(snapshot(page, ["b"]).gauges).toMatchObject({ running: 4, kvUsage: 0.4 });
    expect(snapshot(page).gauges.running).toBe(7);
    expect(snapshot(page, ["c"]).gauges.running).toBeNaN();
  });

  test("of an older server stands under its older names", () => {
    const page = "vllm:gpu_cache_usage_perc 0.5\nvllm:num_preemptions 3\n" +
      "vllm:gpu_prefix_cache_hits_total 7\n" +
      "# TYPE vllm:time_per_output_token_seconds histogram\n" +
      'vllm:time_per_output_token_seconds_bucket{le="+Inf"} 2\n' +
      "vllm:time_per_output_token_seconds_sum 0.25\nvllm:time_per_output_token_seconds_count 2\n";
    const { gauges, counters, histograms } = snapshot(page);
    expect([gauges.kvUsage, counters.preemptions, counters.prefixHits]).toEqual([0.5, 3, 7]);
    expect(histograms.itl!.sum).toBe(0.25);
    expect([gauges.running, counters.finished, histograms.ttft]).toEqual([NaN, NaN, null]);
  });
});

describe("a series", () => {
  const page = (start: number, preemptions: number, running = 0) =>
    `process_start_time_seconds ${start}\nvllm:num_preemptions_total ${preemptions}\n` +
    `vllm:num_requests_running ${running}\n`;

  test("counts from the first scrape on, through restarts and silence", () => {
    const series = record([
      page(100, 40, 3),
      page(100, 42, 4),
      null,
      page(100, 50),
      page(200, 1), // another process
      page(200, 5),
      page(200, 2), // the same start, and a counter that fell
      page(300, 90), // another process that is already past the old count
    ]);
    expect([...series.counters.preemptions]).toEqual([0, 2, NaN, 10, 11, 15, 17, 107]);
    expect([...series.restarts]).toEqual([0, 0, 0, 0, 1, 1, 2, 3]);
    expect([...series.up]).toEqual([1, 1, 0, 1, 1, 1, 1, 1]);
    expect([...series.gauges.running]).toEqual([3, 4, NaN, 0, 0, 0, 0, 0]);
  });

  test("a histogram becomes what was observed between two scrapes, in each bucket", () => {
    const histogram = (low: number, all: number, sum: number) =>
      "# TYPE vllm:e2e_request_latency_seconds histogram\n" +
      `vllm:e2e_request_latency_seconds_bucket{le="1"} ${low}\n` +
      `vllm:e2e_request_latency_seconds_bucket{le="+Inf"} ${all}\n` +
      `vllm:e2e_request_latency_seconds_sum ${sum}\n` +
      `vllm:e2e_request_latency_seconds_count ${all}\n`;
    const { histograms } = record([
      page(1, 0) + histogram(5, 9, 30),
      page(1, 0) + histogram(6, 12, 45),
      null,
      page(2, 0) + histogram(1, 1, 0.5),
    ]);
    expect([...histograms.e2e!.bounds]).toEqual([1, Infinity]);
    expect([...histograms.e2e!.counts]).toEqual([0, 0, 1, 2, NaN, NaN, 1, 0]);
    expect([...histograms.e2e!.sums]).toEqual([0, 15, NaN, 0.5]);
    expect(histograms.ttft).toBeNull();
  });

  test("two real pages of two processes: everything of the second one was added", () => {
    const { counters, restarts, histograms } = record([recorded("s1"), recorded("s3")]);
    expect([restarts[1], counters.generationTokens[1], counters.finished[1]]).toEqual([
      1,
      128596,
      604,
    ]);
    const buckets = histograms.e2e!.bounds.length;
    const added = histograms.e2e!.counts.slice(buckets).reduce((sum, count) => sum + count, 0);
    expect(added).toBe(604);
  });

  test("as a file has a row a scrape and empty cells for what is not known", () => {
    const csv = writeServerTelemetryCsv([record([page(1, 4, 2), null])]);
    expect(csv.split("\n")).toEqual([
      "time_s,server,up,restarts,running,waiting,kv_usage,preemptions,prompt_tokens," +
      "generation_tokens,finished,prefix_queries,prefix_hits",
      "0,http://a,1,0,2,,,0,,,,,",
      "1,http://a,0,0,,,,,,,,,",
      "",
    ]);
  });
});
