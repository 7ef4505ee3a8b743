import { describe, expect, test } from "vitest";
import { parseColumnMap } from "../../../../src/workload/readers/map/column-map.ts";
import { RequestTimesOf } from "../../../../src/workload/readers/map/request-times.ts";

type Row = Readonly<
  Partial<Record<"arrival" | "sent" | "first" | "finish" | "ttft" | "e2e" | "tpot", number>>
>;

/** What is made of one row, whose map has its columns; `from`: of durations. */
function read(row: Row, { output = 5, from = "", whole = [] as string[] } = {}) {
  const spec = (name: string) =>
    ["ttft", "e2e"].includes(name) ? `${name}:s${from}` : name === "tpot" ? "tpot:s" : name;
  const text = Object.keys(row).map((name) => `${name}=${spec(name)}`).join(",");
  const map = parseColumnMap(`${text},prompt=p,output=o`);
  const columns = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Float64Array.of(value)]),
  );
  const times = new RequestTimesOf(
    { ...columns, output: Int32Array.of(output), whole: new Set(whole) },
    map,
  );
  const into = { arrival: NaN, sent: NaN, firstToken: NaN, finish: NaN };
  const problem = times.read(0, into);
  return { ...into, problem, assumptions: times.assumptions };
}

const NONE = { sent: NaN, firstToken: NaN, finish: NaN };

describe("starts and ends out of what is there", () => {
  test.each<[string, Row, object, object?]>([
    ["an arrival alone", { arrival: 10 }, { ...NONE, arrival: 10 }],
    ["a latency gives the end", { arrival: 10, e2e: 2.5 }, { ...NONE, arrival: 10, finish: 12.5 }],
    ["an end and a latency give the start", { finish: 12.5, e2e: 2.5 }, {
      arrival: 10,
      finish: 12.5,
    }],
    [
      "a first token by its duration",
      { arrival: 10, ttft: 0.5, e2e: 2.5 },
      { arrival: 10, firstToken: 10.5, finish: 12.5 },
    ],
    [
      "a start by the first token",
      { first: 10.5, ttft: 0.5, finish: 12 },
      { arrival: 10, firstToken: 10.5, finish: 12 },
    ],
    [
      "an end by the time of each token: four after the first",
      { arrival: 10, ttft: 0.5, tpot: 0.25 },
      { arrival: 10, firstToken: 10.5, finish: 11.5 },
    ],
    ["a log of a client: sent alone", { sent: 10, e2e: 2 }, { arrival: 10, sent: 10, finish: 12 }],
    [
      "durations from when it was sent",
      { arrival: 8, sent: 10, ttft: 0.5, e2e: 2 },
      { arrival: 8, sent: 10, firstToken: 10.5, finish: 12 },
      { from: "@sent" },
    ],
    [
      "durations from the arrival",
      { arrival: 8, sent: 10, ttft: 2.5, e2e: 4 },
      { arrival: 8, sent: 10, firstToken: 10.5, finish: 12 },
      { from: "@arrival" },
    ],
    ["a missing latency", { arrival: 10, e2e: NaN }, { ...NONE, arrival: 10 }],
    ["a missing end, worked out", { arrival: 10, finish: NaN, e2e: 3 }, {
      arrival: 10,
      finish: 13,
    }],
  ])("%s", (_what, row, expected, options = {}) => {
    const found = read(row, options);
    expect(found).toMatchObject(expected);
    expect(found.problem).toBeUndefined();
  });
});

test("an arrival that is when it was sent is said", () => {
  expect(read({ sent: 10, finish: 12 }).assumptions).toEqual([
    "arrival: when the request was sent, in 1 rows, because the log says no more",
  ]);
  expect(read({ arrival: 10, finish: 12 }).assumptions).toEqual([]);
});

describe("a first token that nobody saw is not known, and that is said", () => {
  test.each<[string, Row, object?]>([
    ["a duration of 0", { arrival: 10, ttft: 0, e2e: 2 }],
    ["at the start", { arrival: 10, first: 10, finish: 12 }],
    ["with the last of several", { arrival: 10, first: 12, finish: 12 }],
  ])("%s", (_what, row) => {
    const { firstToken, finish, assumptions } = read(row);
    expect([firstToken, finish]).toEqual([NaN, 12]);
    expect(assumptions[0]).toMatch(/^first token: not known in 1 rows/);
  });

  test("but the only token is the first and the last, and whole seconds may be equal", () => {
    expect(read({ arrival: 10, first: 12, finish: 12 }, { output: 1 }).firstToken).toBe(12);
    expect(read({ arrival: 10, first: 10, finish: 12 }, { whole: ["first"] }).firstToken).toBe(10);
  });
});

describe("what contradicts itself is refused", () => {
  test.each<[string, Row, string, number]>([
    ["an end", { arrival: 10, finish: 12, e2e: 5 }, "e2e", 5],
    ["an end, by another unit", { arrival: 10, finish: 12, e2e: 2000 }, "e2e", 2000],
    ["a first token", { arrival: 10, first: 10.5, ttft: 0.25 }, "ttft", 0.25],
  ])("%s", (_what, row, field, value) => {
    expect(read(row).problem).toMatchObject({ field, value });
  });

  test("the message says what would fit, and what to do", () => {
    expect(read({ arrival: 10, finish: 12, e2e: 5 }).problem?.expected).toBe(
      "finish less arrival, 2 s: the map says one thing twice; leave e2e or finish out of it, or " +
        "correct a unit",
    );
  });

  test("clocks may be 10 ms apart, and whole seconds one", () => {
    expect(read({ arrival: 10, finish: 12, e2e: 2.009 }).problem).toBeUndefined();
    expect(read({ arrival: 10, finish: 12, e2e: 2.02 }).problem).toBeDefined();
    expect(read({ arrival: 10, finish: 12, e2e: 2.9 }, { whole: ["finish"] }).problem)
      .toBeUndefined();
    expect(read({ arrival: 10, finish: 12, e2e: 3.1 }, { whole: ["finish"] }).problem)
      .toBeDefined();
  });
});
