import { expect, test } from "vitest";
import { loadArenaTrace } from "../../../../src/files/load-arena.ts";
import { readBundled } from "../../../../src/files/read-bundled.ts";
import {
  ARENA_MAX_TOKENS,
  arenaTrace,
} from "../../../../src/workload/readers/formats/arena-trace.ts";
import { readWhole } from "../../../../src/workload/readers/read-trace.ts";
import { dispersion, logCorrelation, mean, summary, variance } from "../support/statistics.ts";

const HEADER = "req_id,client,prompt_len,output_len,req_time_s\n";

test("the bundled trace is the one that the notes describe", async () => {
  const { workload, report } = await loadArenaTrace();
  const { requests, truth } = workload;
  expect(report).toMatchObject({
    source: "data/vtc_arena/vtc_real_trace_27clients.csv",
    format: "vtc-arena-trace",
    rowsRead: 1500,
    rowsKept: 1500,
    rowsRefused: 0,
    columnsIgnored: [],
    problemCount: 0,
  });
  expect(requests.size).toBe(1500);
  expect(requests.tenant.names.length).toBe(27);
  expect(requests.arrival[0]).toBe(0);
  expect(requests.arrival[1499]).toBe(600);
  // Sources: notes on the traces, table of rates and lengths, [computed].
  expect(summary(requests.promptTokens)).toEqual([136, 40, 432, 902]);
  expect(summary(truth.outputTokens)).toEqual([256, 211, 513, 785]);
  const gaps = requests.arrival.slice(1).map((at, i) => at - requests.arrival[i]);
  expect(Math.sqrt(variance(gaps)) / mean(gaps)).toBeCloseTo(1.1, 2);
  expect(dispersion(requests.arrival, 1)).toBeCloseTo(1.4, 1);
  expect(dispersion(requests.arrival, 10)).toBeCloseTo(2.5, 1);
  expect(logCorrelation(requests.promptTokens, truth.outputTokens)).toBeCloseTo(0.28, 2);
});

test("clients have the shares of the notes: the top three send half", async () => {
  const { tenant } = (await loadArenaTrace()).workload.requests;
  const counts = tenant.names.map((_, code) => tenant.codes.filter((other) => other === code));
  const sizes = counts.map((rows) => rows.length).sort((a, b) => b - a);
  expect(sizes.slice(0, 6)).toEqual([296, 262, 199, 120, 67, 66]);
  expect(sizes.at(-1)).toBe(1);
  expect((sizes[0] + sizes[1] + sizes[2]) / 1500).toBeCloseTo(0.5, 2);
});

test("every row of the bundled file is in the workload, cell by cell", async () => {
  const bytes = await readBundled("vtc_arena/vtc_real_trace_27clients.csv");
  const { requests, truth } = readWhole(arenaTrace, bytes, "trace").workload;
  const rows = new TextDecoder().decode(bytes).trim().split("\n").slice(1);
  const read = Array.from(rows, (_, i) =>
    [
      i,
      requests.tenant.names[requests.tenant.codes[i]],
      requests.promptTokens[i],
      truth.outputTokens[i],
      requests.arrival[i],
    ].map((cell) => Number.isNaN(Number(cell)) ? cell : Number(cell)));
  expect(read).toEqual(
    rows.map((row) =>
      row.split(",").map((cell) => Number.isNaN(Number(cell)) ? cell : Number(cell))
    ),
  );
});

test("what the file does not say is filled in and stated", () => {
  const { workload, report } = readWhole(
    arenaTrace,
    `${HEADER}0,a,5,7,0.5\n1,b,6,8,1.5\n`,
    "t.csv",
  );
  const { requests, truth, provenance } = workload;
  expect(requests.phases).toEqual([{ name: "trace", first: 0, afterDrainSeconds: 0 }]);
  expect(requests.tier.names).toEqual(["default"]);
  expect(requests.category.names).toEqual(["default"]);
  expect([...requests.maxTokens]).toEqual([ARENA_MAX_TOKENS, ARENA_MAX_TOKENS]);
  expect(requests.promptWords).toBeUndefined();
  expect(requests.promptText).toBeUndefined();
  expect(truth.outputWords).toBeUndefined();
  expect(report.assumptions).toEqual([
    "max_tokens 1024 for every request: the limit at which the trace was cut",
    "tier, category: all named default, because the file has none",
  ]);
  expect(provenance.steps).toEqual(["read 2 of 2 rows", ...report.assumptions]);
});

test("clients are numbered in the order of their first request", () => {
  const text = `${HEADER}0,z,1,1,0\n1,a,1,1,1\n2,z,1,1,2\n3,m,1,1,3\n`;
  const { tenant } = readWhole(arenaTrace, text, "t.csv").workload.requests;
  expect(tenant.names).toEqual(["z", "a", "m"]);
  expect([...tenant.codes]).toEqual([0, 1, 0, 2]);
});

test("a lenient reader sorts rows that are out of order stably and says how many", () => {
  const text = `${HEADER}0,a,1,10,5\n1,b,2,20,3\n2,c,3,30,5\n3,d,4,40,4\n`;
  expect(() => readWhole(arenaTrace, text, "t.csv")).toThrow(
    "t.csv, row 3, field req_time_s: got 3, expected a time not before that of an earlier row, 5",
  );
  const { workload, report } = readWhole(arenaTrace, text, "t.csv", { lenient: true });
  const { requests, truth } = workload;
  expect([...requests.arrival]).toEqual([3, 4, 5, 5]);
  expect([...truth.outputTokens]).toEqual([20, 40, 10, 30]);
  expect(requests.tenant.names).toEqual(["b", "d", "a", "c"]);
  expect(report.rowsKept).toBe(4);
  expect(report.assumptions[1]).toBe(
    "2 rows were out of order: all rows are sorted by time, stably",
  );
});

test("a lenient reader leaves out bad rows and reports each of them", () => {
  const text = `${HEADER}0,a,1,10,1\n1,b,x,-2,2\n2,c,3,30,3\n`;
  const { workload, report } = readWhole(arenaTrace, text, "t.csv", { lenient: true });
  expect(workload.requests.tenant.names).toEqual(["a", "c"]);
  expect(report).toMatchObject({ rowsRead: 3, rowsKept: 2, rowsRefused: 1, problemCount: 2 });
  expect(report.problems).toEqual([
    {
      file: "t.csv",
      row: 3,
      field: "prompt_len",
      value: "x",
      expected: "an integer from 1 to 2147483647",
    },
    {
      file: "t.csv",
      row: 3,
      field: "output_len",
      value: "-2",
      expected: "an integer from 1 to 1024",
    },
  ]);
  expect(workload.provenance.steps?.[0]).toBe("read 2 of 3 rows");
});
