import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

const FIXTURE = new URL("../../../fixtures/own-logs/nginx-access.jsonl", import.meta.url);
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);
const rounded = (times: Float64Array) => [...times].map((time) => Number(time.toFixed(6)));

test("requests came their time before the line was written", async () => {
  const { workload, measured, unserved, report } = await openTrace(FIXTURE);
  expect(report.format).toBe("nginx-json");
  // By hand: 553.41 − 1.25, 553.16 − 0.5, 555.16 − 2.
  expect(rounded(workload.requests.arrival)).toEqual([0, 0.5]);
  expect(rounded(measured!.finish!)).toEqual([1.25, 1]);
  expect([...workload.requests.promptTokens]).toEqual([30, 4]);
  expect(namesOf(workload.requests.tenant)).toEqual(["ada", "default"]);
  expect(rounded(unserved!.requests.arrival)).toEqual([1]);
  expect(namesOf(unserved!.status)).toEqual(["cancelled"]);
  expect(report.setAside[0]).toEqual({ reason: "calls of paths that make no answers", rows: 1 });
});

const line = {
  time_iso8601: "2025-11-16T20:22:33+01:00",
  remote_addr: "10.0.0.9",
  request: "POST /v1/chat/completions HTTP/1.1",
  status: 200,
  request_time: 1.25,
  input_tokens: 30,
  output_tokens: 15,
};

test("dates of nginx in place of seconds", async () => {
  const { time_iso8601: _iso, ...rest } = line;
  const local = { ...rest, time_local: "16/Nov/2025:20:22:33 +0100" };
  for (const each of [line, local]) {
    const { report, measured } = await readTrace(JSON.stringify(each));
    expect(report.format).toBe("nginx-json");
    expect(measured!.finish![0]).toBe(1.25);
    expect(report.assumptions).toContain(
      "time 0 is that of the first answered request, 2025-11-16T19:22:31.750Z",
    );
  }
});

test("without token counts it is refused, with what to log or to map", async () => {
  const { input_tokens: _in, output_tokens: _out, ...rest } = line;
  const log = JSON.stringify({ ...rest, in_tok: 30, out_tok: 15 });
  await expect(readTrace(log, { source: "access.log" })).rejects.toThrow(
    "access.log, row 1, field prompt_tokens: expected token counts, which nginx itself has not: log " +
      "them as prompt_tokens and completion_tokens, from headers of the server, or name their columns " +
      "with --map, beside finish=msec:s,e2e=request_time:s,status=status",
  );
  const map =
    "finish=time_iso8601:iso,e2e=request_time:s,status=status,prompt=in_tok,output=out_tok";
  expect((await readTrace(log, { map })).workload.requests.promptTokens[0]).toBe(30);
});
