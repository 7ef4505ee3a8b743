import { expect, test } from "vitest";
import { simulate } from "../../src/paper/simulate.ts";
import type { Run } from "../../src/runs/run.ts";
import { workloadOfRun } from "../../src/runs/workload-of-run.ts";
import type { Requests } from "../../src/workload/workload.ts";
import { paperWorkload } from "../../src/paper/workload.ts";

const paper = paperWorkload({ seed: 4, requests: 120 });
const fifo = simulate(paper);

test("a run served again under its own policy is the same run", () => {
  const again = workloadOfRun(fifo);
  const columns = ({ promptText: _, ...columns }: Requests) => columns;
  expect(columns(again.requests)).toEqual(columns(paper.requests));
  expect(again.requests.promptText!(7)).toBe(paper.requests.promptText!(7));
  expect(again.truth).toEqual(paper.truth);
  expect(simulate(again).finish).toEqual(fifo.finish);
});

test("under another policy it is what the workload would have been", () => {
  const sjf = { scheduler: { policy: "sjf" as const } };
  expect(simulate(workloadOfRun(fifo), sjf).finish).toEqual(simulate(paper, sjf).finish);
});

test("requests that were not completed are left out, and the provenance says which", () => {
  const status = fifo.status.with(3, 1).with(5, 2).with(6, 1);
  const outputTokens = fifo.outputTokens.with(3, -1).with(5, -1).with(6, -1);
  const { requests, truth, provenance } = workloadOfRun({ ...fifo, status, outputTokens });
  expect(requests.size).toBe(117);
  expect(requests.arrival[3]).toBe(paper.requests.arrival[4]);
  expect(truth.outputTokens[4]).toBe(paper.truth.outputTokens[7]);
  expect(provenance.steps!.at(-1)).toBe(
    "the 117 completed requests of a run under fifo; left out: 2 failed, 1 rejected",
  );
});

test("a cap that an answer exceeded is raised to it", () => {
  const maxTokens = paper.requests.maxTokens.with(0, 1);
  const { requests, provenance } = workloadOfRun({
    ...fifo,
    requests: { ...fifo.requests, maxTokens },
  });
  expect(requests.maxTokens[0]).toBe(paper.truth.outputTokens[0]);
  expect(provenance.steps!.at(-1)).toContain("caps of 1 raised to their answers");
});

test("a run in which nothing was completed is refused", () => {
  const nothing: Run = { ...fifo, status: fifo.status.map(() => 1) };
  expect(() => workloadOfRun(nothing)).toThrow("run: expected at least one completed request");
});
