import { afterEach, beforeEach, expect, test } from "vitest";
import { live } from "../../src/live/live.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";
import { handWorkload } from "../support/workloads.ts";

let twin: RunningTwin;
let out: string;
beforeEach(async () => {
  twin = await startTwin({ clock: "virtual" });
  out = await Deno.makeTempDir();
});
afterEach(async () => {
  await twin.stop();
  await Deno.remove(out, { recursive: true });
});

test("instants are on the run's clock, and latencies count from where their names say", async () => {
  const workload = handWorkload({ arrival: [0.5, 0.6, 0.7, 2], outputTokens: [30, 20, 10, 5] });
  await live(workload, {
    servers: [twin.url],
    time: "virtual",
    dispatch: { rule: "in-flight", window: 1 },
    scheduler: { policy: "fifo", estimator: "cap" },
    out,
  });
  const [header, ...lines] = (await Deno.readTextFile(`${out}/requests.csv`)).trimEnd().split("\n");
  const names = header.split(",");
  expect(names).toEqual([
    ...["request", "status", "reason", "message", "server", "attempts", "failures"],
    ...["arrival", "late", "http_status", "finish_reason"],
    ...["sent", "headers", "first_token", "last_token", "ended"],
    ...["prompt_tokens", "completion_tokens", "cached_tokens", "words", "bytes"],
    ...["first_chunk", "chunk_gaps_us", "chunk_tokens"],
    ...["queue_wait", "ttft", "ttft_from_send", "tpot", "e2e", "e2e_from_send"],
    ...["bench_ttft", "bench_e2el", "bench_tpot"],
    ...["server_ttft", "server_queue", "server_queue_and_ttft", "server_decode"],
    ...["guidellm_ttft", "guidellm_itl", "guidellm_tpot", "guidellm_latency"],
    "estimated_tokens",
  ]);
  lines.forEach((line, row) => {
    const cells = line.split(",");
    const of = (name: string) => Number(cells[names.indexOf(name)]);
    expect(of("arrival")).toBe(workload.requests.arrival[row]);
    expect(of("ttft")).toBeCloseTo(of("first_token") - of("arrival"), 9);
    expect(of("ttft_from_send")).toBeCloseTo(of("first_token") - of("sent"), 9);
    expect(of("e2e")).toBeCloseTo(of("last_token") - of("arrival"), 9);
    expect(of("e2e_from_send")).toBeCloseTo(of("last_token") - of("sent"), 9);
    expect(of("queue_wait")).toBeCloseTo(of("sent") - of("arrival"), 9);
    expect(cells.at(-1)).toBe("");
  });
});
