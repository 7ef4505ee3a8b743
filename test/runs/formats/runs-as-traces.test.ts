import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { simulate } from "../../../src/paper/simulate.ts";
import { readAny } from "../../../src/runs/formats/read-any.ts";
import { writeRunJson } from "../../../src/runs/run-json.ts";
import { writeAny } from "../../../src/runs/formats/write-any.ts";
import { failed, paper, run, tokens } from "./support/failed-run.ts";
import { arbitraryTrace } from "../../workload/writers/support/arbitrary-trace.ts";

describe("the file of a run", () => {
  test("is what arrived, replayed under any policy as the workload itself would be", async () => {
    const { workload, measured, report } = await readAny(writeRunJson(run));
    expect(report).toMatchObject({ format: "driftsched-run", rowsRead: 150, rowsKept: 150 });
    const sjf = { scheduler: { policy: "sjf" as const, ...tokens } };
    expect(simulate(workload, sjf).finish).toEqual(simulate(paper, sjf).finish);
    expect(measured!.finish!.length).toBe(150);
  });

  test("counts the requests without an answer by how they ended", async () => {
    const { workload, report } = await readAny(writeRunJson(failed));
    expect(workload.requests.size).toBe(148);
    expect(report.setAside).toEqual([
      { reason: "requests that were failed, without an answer", rows: 1 },
      { reason: "requests that were cancelled, without an answer", rows: 1 },
    ]);
  });

  const row = 3;
  const changed = (column: "start" | "firstToken" | "finish", at: number) =>
    readAny(writeRunJson({ ...run, [column]: run[column].with(row, at) }), { source: "r.json" });

  test("is refused by row and column where instants are out of order", async () => {
    await expect(changed("finish", -5)).rejects.toThrow(
      `r.json, row ${row + 1}, field columns.finish: got -5, expected at least `,
    );
    await expect(changed("start", 1e6)).rejects.toThrow(
      `r.json, row ${row + 1}, field columns.finish: got ${run.finish[row]}, expected at least ` +
        "columns.start, 1000000 s",
    );
    await expect(changed("firstToken", 0)).rejects.toThrow(`field columns.firstToken: got 0`);
  });

  test("is refused where it claims more requests than it has, before anything is made", async () => {
    const text = writeRunJson(run);
    expect(text).toContain('"size": 150');
    const huge = text.replace('"size": 150', '"size": 4294967297');
    await expect(readAny(huge, { source: "r.json" })).rejects.toThrow(
      "r.json, field size: got 4294967297, expected 150, the number of values in requests.arrival",
    );
    const { chunks } = writeAny({ workload: paper }, { format: "driftsched-workload" });
    const workload = [...chunks].join("").replace(/"size": \d+/, '"size": 4294967297');
    await expect(readAny(workload, { source: "w.json" })).rejects.toThrow(
      "w.json, field size: got 4294967297",
    );
  });

  test("keeps a trace's measured times and its requests without an answer", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTrace, async (trace) => {
        fc.pre(trace.workload.requests.phases.length === 1);
        const { chunks } = writeAny(trace, { format: "driftsched-run" });
        const again = await readAny([...chunks].join(""));
        const { arrival, promptTokens } = trace.workload.requests;
        expect(again.workload.requests.arrival).toEqual(arrival);
        expect(again.workload.requests.promptTokens).toEqual(promptTokens);
        expect(again.workload.truth.outputTokens).toEqual(trace.workload.truth.outputTokens);
        if (trace.measured) expect(again.measured).toEqual(trace.measured);
        expect(again.unserved?.requests.arrival).toEqual(trace.unserved?.requests.arrival);
        const ends = (labels: { codes: ArrayLike<number>; names: readonly string[] } | undefined) =>
          labels && Array.from(labels.codes, (code) => labels.names[code]);
        expect(ends(again.unserved?.status)).toEqual(ends(trace.unserved?.status));
      }),
      { numRuns: 40 },
    );
  });
});

test("a result of vLLM's benchmark is served again by the continuous engine, under any policy", async () => {
  const sizes = Array.from({ length: 40 }, (_, i) => 20 + 37 * i % 300);
  const { workload } = await readAny(JSON.stringify({
    completed: 40,
    request_throughput: 4,
    input_lens: sizes,
    output_lens: sizes.toReversed(),
    start_times: sizes.map((_, i) => 100 + i / 20),
    ttfts: sizes.map(() => 0.05),
    itls: sizes.map((tokens) => [tokens / 100]),
    errors: sizes.map(() => ""),
  }));
  const served = (policy: "fifo" | "sjf") =>
    simulate(workload, {
      scheduler: { policy, ...tokens },
      dispatch: { rule: "in-flight", window: 4 },
    });
  const [fifo, sjf] = [served("fifo"), served("sjf")];
  expect(fifo.outputTokens).toEqual(workload.truth.outputTokens);
  expect(sjf.status.every((state) => state === 0)).toBe(true);
  expect(sjf.start).not.toEqual(fifo.start);
});
