import { expect, test } from "vitest";
import { loadArenaMeasured } from "../../src/files/load-arena.ts";
import { measuredRun } from "../../src/runs/measured-run.ts";
import { readRunJson } from "../../src/runs/read-run-json.ts";
import { STATUSES } from "../../src/runs/run.ts";
import { writeRunJson } from "../../src/runs/run-json.ts";
import { burstGpt } from "../../src/workload/readers/formats/burstgpt.ts";
import { readWhole } from "../../src/workload/readers/read-trace.ts";
import { mean } from "../../src/statistics/quantile.ts";

const V2 = "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens," +
  "Log Type\n";

test("failed requests stand between the others as failed, with a prompt of unknown length", () => {
  const text = `${V2}10.0,s,3,GPT-4,5,6,11,Conversation log\n12.0,t,1,ChatGPT,0,0,0,API log\n` +
    "15.0,s,4,ChatGPT,7,8,15,Conversation log\n";
  const run = measuredRun(readWhole(burstGpt, text, "b.csv"));
  expect([...run.status].map((code) => STATUSES[code])).toEqual([
    "completed",
    "failed",
    "completed",
  ]);
  expect([...run.arrival]).toEqual([0, 2, 5]);
  expect([...run.finish]).toEqual([3, 3, 9]);
  expect([...run.firstToken]).toEqual([NaN, NaN, NaN]);
  expect([...run.outputTokens]).toEqual([6, -1, 8]);
  expect([...run.requests.promptTokens]).toEqual([5, 0, 7]);
  const { session, model } = run.requests;
  expect([...session!.codes].map((code) => session!.names[code])).toEqual(["s", "t", "s"]);
  expect([...model!.codes].map((code) => model!.names[code]))
    .toEqual(["GPT-4", "ChatGPT", "ChatGPT"]);
});

test("the arena's measured outcome is a run whose TTFT is that of the notes", async () => {
  const run = measuredRun(await loadArenaMeasured());
  expect(run.size).toBe(1500);
  // Source: notes on the traces, section 3.
  expect(mean(run.firstToken.map((at, row) => at - run.arrival[row]))).toBeCloseTo(46.8, 1);
  const { requests: { promptText: _, ...requests }, ...rest } = run;
  expect(readRunJson(writeRunJson(run), "run.json")).toEqual({ ...rest, requests });
});
