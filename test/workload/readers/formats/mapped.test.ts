import fc from "fast-check";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../../src/errors/input-error.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { ReadTrace } from "../../../../src/workload/readers/trace-format.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

type Options = Readonly<Record<string, unknown>>;

const read = (text: string, map: unknown, options: Options = {}): Promise<ReadTrace> =>
  readTrace(text, { source: "log", map: map as string, ...options });

async function messageOf(text: string, map: unknown, options: Options = {}): Promise<string> {
  try {
    await read(text, map, options);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error("Nothing was refused");
}

const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);

/** A request of a log, exact: times in whole nanoseconds. */
interface Truth {
  readonly arrival: bigint;
  readonly ttft: bigint;
  readonly e2e: bigint;
  readonly prompt: number;
  readonly output: number;
  readonly tenant: string;
  readonly status: 200 | 429 | 500;
}

const BILLION = 1_000_000_000n;
const START = 1_763_324_552n * BILLION;

const truths = fc.array(
  fc.record<Truth>({
    // Gaps of whole milliseconds, which every unit can write; the first request comes anywhere.
    arrival: fc.bigInt({ min: 0n, max: 5000n }),
    ttft: fc.bigInt({ min: 1n, max: 4000n }),
    e2e: fc.bigInt({ min: 4001n, max: 90_000n }),
    prompt: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    output: fc.integer({ min: 2, max: 100_000 }),
    tenant: fc.constantFrom("a", "bob@example.com", "Ü ber", "x y", "7"),
    status: fc.constantFrom(200, 200, 200, 429, 500),
  }),
  { minLength: 1, maxLength: 12 },
).filter((rows) => rows.some(({ status }) => status === 200)).map((rows) => {
  let at = START;
  return rows.map((row): Truth => {
    at += row.arrival * 1_000_000n;
    return { ...row, arrival: at, ttft: row.ttft * 1_000_000n, e2e: row.e2e * 1_000_000n };
  });
});

const PER_SECOND = { s: 1n, ms: 1000n, us: 1_000_000n, ns: BILLION } as const;
type Unit = keyof typeof PER_SECOND;

/** Nanoseconds as a decimal number in a unit. */
function decimal(nanoseconds: bigint, unit: Unit): string {
  const one = BILLION / PER_SECOND[unit];
  const fraction = String(nanoseconds % one).padStart(String(one).length - 1, "0").replace(
    /0+$/,
    "",
  );
  return `${nanoseconds / one}${fraction === "" || one === 1n ? "" : `.${fraction}`}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** An instant as a text in a unit, and how it is written. */
function instant(nanoseconds: bigint, unit: string): string {
  if (unit in PER_SECOND) return decimal(nanoseconds, unit as Unit);
  const date = new Date(Number(nanoseconds / 1_000_000n));
  const iso = date.toISOString();
  const day = two(date.getUTCDate());
  const month = two(date.getUTCMonth() + 1);
  const time = iso.slice(11, 23);
  if (unit === "iso") return iso;
  if (unit === "zone") {
    return `${new Date(date.getTime() + 5_400_000).toISOString().slice(0, 23)}+01:30`;
  }
  return unit === "dmy"
    ? `${day}/${month}/${date.getUTCFullYear()} ${time}`
    : `${month}/${day}/${date.getUTCFullYear()} ${time}`;
}

const INSTANTS = ["s", "ms", "us", "ns", "iso", "zone", "dmy", "mdy"];
const DURATIONS = ["s", "ms", "us", "ns"] as const;

interface Writing {
  readonly as: "csv" | "jsonl" | "array";
  readonly delimiter: string;
  readonly names: readonly string[];
  readonly order: readonly number[];
  readonly instant: string;
  readonly duration: (typeof DURATIONS)[number];
  /** What is written of the times. */
  readonly pieces: "durations" | "instants" | "ends";
  readonly numbers: boolean;
}

const names = fc.uniqueArray(
  fc.constantFrom(
    ...[
      "ts",
      "When?",
      "Prompt Tokens",
      "a.b",
      "n_out",
      "user id",
      "Zeit",
      "x:y",
      "é",
      "q",
      "r.s.t",
    ],
    ...["status", "k=v", "w|w", "0"],
  ),
  { minLength: 7, maxLength: 7 },
);

const writings = fc.record<Writing>({
  as: fc.constantFrom("csv", "csv", "jsonl", "array"),
  delimiter: fc.constantFrom(",", ";", "\t"),
  names,
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
  instant: fc.constantFrom(...INSTANTS),
  duration: fc.constantFrom(...DURATIONS),
  pieces: fc.constantFrom("durations", "instants", "ends"),
  numbers: fc.boolean(),
});

/** The cells of a row, in the order of its targets: two times, and what all logs have. */
function cellsOf({ arrival, ttft, e2e, prompt, output, tenant, status }: Truth, how: Writing) {
  const at = (time: bigint) => instant(time, how.instant);
  const times = how.pieces === "durations"
    ? [at(arrival), decimal(ttft, how.duration), decimal(e2e, how.duration)]
    : how.pieces === "instants"
    ? [at(arrival), at(arrival + ttft), at(arrival + e2e)]
    : [at(arrival + ttft), at(arrival + e2e), decimal(e2e, how.duration)];
  const tokens = status === 200 ? [String(prompt), String(output)] : ["", ""];
  return [...times, ...tokens, tenant, String(status)];
}

const TARGETS = {
  durations: ["arrival", "ttft", "e2e"],
  instants: ["arrival", "first", "finish"],
  ends: ["first", "finish", "e2e"],
} as const;

function written(rows: readonly Truth[], how: Writing) {
  const targets = [...TARGETS[how.pieces], "prompt", "output", "tenant", "status"];
  const unitOf = (target: string) =>
    ["ttft", "e2e"].includes(target)
      ? how.duration
      : ["arrival", "first", "finish"].includes(target)
      ? (how.instant === "zone" ? "iso" : how.instant)
      : undefined;
  const map = Object.fromEntries(targets.map((target, at) => {
    const unit = unitOf(target);
    return [target, { column: how.names[at], ...unit && { unit } }];
  }));
  const table = rows.map((row) => cellsOf(row, how));
  const text = how.as === "csv"
    ? [how.names, ...table].map((cells) =>
      how.order.map((at) => cells[at].includes(how.delimiter) ? `"${cells[at]}"` : cells[at])
        .join(how.delimiter)
    ).join("\n") + "\n"
    : json(table, how);
  return { map, text };
}

function json(table: readonly (readonly string[])[], how: Writing): string {
  const rows = table.map((cells) => {
    const parts = how.order.map((at) => {
      const cell = cells[at];
      // Numbers of JSON as they are: nanoseconds are more than a double holds.
      const bare = how.numbers && /^\d+(\.\d+)?$/.test(cell) && at !== 5;
      const value = cell === "" ? "null" : bare ? cell : JSON.stringify(cell);
      return `${JSON.stringify(how.names[at])}: ${value}`;
    });
    return `{${parts.join(", ")}}`;
  });
  return how.as === "array" ? `[\n${rows.join(",\n")}\n]` : rows.join("\n");
}

test("a log with any names, units, delimiters and order gives its numbers back", async () => {
  await fc.assert(
    fc.asyncProperty(truths, writings, async (rows, how) => {
      const { text, map } = written(rows, how);
      const { workload, measured, unserved } = await read(text, map);
      const served = rows.filter(({ status }) => status === 200);
      const first = served[0].arrival;
      const seconds = (time: bigint) => Number(time - first) / 1e9;
      const { requests, truth } = workload;
      expect(requests.size).toBe(served.length);
      served.forEach((row, i) => {
        // Within a microsecond of what was written.
        expect(Math.abs(requests.arrival[i] - seconds(row.arrival))).toBeLessThan(1e-6);
        expect(Math.abs(measured!.firstToken![i] - seconds(row.arrival + row.ttft))).toBeLessThan(
          1e-6,
        );
        expect(Math.abs(measured!.finish![i] - seconds(row.arrival + row.e2e))).toBeLessThan(1e-6);
      });
      expect([...requests.promptTokens]).toEqual(served.map(({ prompt }) => prompt));
      expect([...truth.outputTokens]).toEqual(served.map(({ output }) => output));
      expect(namesOf(requests.tenant)).toEqual(served.map(({ tenant }) => tenant));
      expect(unserved ? namesOf(unserved.status).toSorted() : []).toEqual(
        rows.filter(({ status }) => status !== 200)
          .map(({ status }) => status === 429 ? "rejected" : "failed").toSorted(),
      );
    }),
    { numRuns: 300 },
  );
});

const CSV = "ts,p,o\n1763324552000,5,2\n1763324553500,6,3\n";
const LENGTHS = "prompt=p,output=o";

test("packed files are read like plain ones", async () => {
  const plain = await read(CSV, `arrival=ts:ms,${LENGTHS}`);
  for (const pack of [gzipSync, zstdCompressSync]) {
    const packed = new Uint8Array(pack(new TextEncoder().encode(CSV)));
    const options = { source: "log", map: `arrival=ts:ms,${LENGTHS}` };
    expect((await readTrace(packed, options)).workload).toEqual(plain.workload);
  }
});

test("nanoseconds since 1970 are exact to a microsecond over a month, in tables and in JSON", async () => {
  const times = [0n, 1000n, 86_400n * BILLION + 1n, 31n * 86_400n * BILLION + 123_456_789n]
    .map((time) => START + time);
  const table = `t,p,o\n${times.map((time) => `${time},5,2\n`).join("")}`;
  const lines = times.map((time) => `{"t": ${time}, "p": 5, "o": 2}`).join("\n");
  for (const text of [table, lines]) {
    const { arrival } = (await read(text, `arrival=t:ns,${LENGTHS}`)).workload.requests;
    times.forEach((time, i) =>
      expect(Math.abs(arrival[i] - Number(time - START) / 1e9)).toBeLessThan(1e-6)
    );
    expect(arrival[1]).toBeCloseTo(1e-6, 9);
  }
});

test("a map names the format, and the report says so", async () => {
  const { report } = await read(CSV, `arrival=ts:ms,${LENGTHS}`);
  expect(report).toMatchObject({ format: "mapped", recognised: "columns named by the user" });
  expect(report.assumptions).toContain(
    "time 0 is that of the first answered request, 2025-11-16T20:22:32.000Z",
  );
  expect((await read(CSV, `arrival=ts:ms,${LENGTHS}`, { format: "mapped" })).report).toEqual(
    report,
  );
});

test("columns that nobody mapped are listed", async () => {
  const csv = "ts,p,o,region\n5,5,2,eu\n";
  expect((await read(csv, `arrival=ts:s,${LENGTHS}`)).report.columnsIgnored).toEqual(["region"]);
  const json = '{"ts":5,"u":{"p":5,"o":2},"x":{"y":1}}';
  const { report } = await read(json, "arrival=ts:s,prompt=u.p,output=u.o");
  expect(report.columnsIgnored).toEqual(["x"]);
});

describe("units that only one reading allows", () => {
  test.each([
    ["1763324552", "1763324553.5", "seconds since 1970"],
    ["1763324552000", "1763324553500", "milliseconds since 1970"],
    ["1763324552000000", "1763324553500000", "microseconds since 1970"],
    ["1763324552000000000", "1763324553500000000", "nanoseconds since 1970"],
  ])("%s, %s are %s", async (first, second, words) => {
    const text = `t,p,o\n${first},5,2\n${second},6,3\n`;
    for (const unit of ["", ":epoch"]) {
      const { workload, report } = await read(text, `arrival=t${unit},${LENGTHS}`);
      expect([...workload.requests.arrival]).toEqual([0, 1.5]);
      expect(report.assumptions).toContain(
        `arrival: t is ${words}, as the size of its values tells`,
      );
    }
  });

  test("dates with a zone need no assumption; without one they are UTC", async () => {
    const text = (zone: string) =>
      `t,p,o\n2025-11-16T20:22:32${zone},5,2\n2025-11-16 20:22:33.5${zone},6,3\n`;
    const zoned = await read(text("+01:00"), `arrival=t,${LENGTHS}`);
    expect([...zoned.workload.requests.arrival]).toEqual([0, 1.5]);
    expect(zoned.report.assumptions.filter((each) => /zone|UTC/.test(each))).toEqual([]);
    expect(zoned.report.assumptions[0]).toContain("2025-11-16T19:22:32.000Z");
    expect((await read(text(""), `arrival=t,${LENGTHS}`)).report.assumptions[0])
      .toBe("arrival: the dates in t name no zone and are UTC");
  });
});

test("time 0 of a failed row, or none, moves nothing in a log of dates", async () => {
  for (const nothing of ["0", "", "null", "0.0"]) {
    const text = `t,p,o,ok\n${nothing},5,,false\n1763324552,5,2,true\n1763324553,6,3,true\n`;
    const { workload, unserved } = await read(text, `arrival=t:s,status=ok,${LENGTHS}`);
    expect([...workload.requests.arrival]).toEqual([0, 1]);
    expect(unserved).toBeUndefined();
  }
  // On a clock of its own 0 is a time like any other.
  const { workload } = await read("t,p,o\n0,5,2\n1.5,6,3\n", `arrival=t:s,${LENGTHS}`);
  expect([...workload.requests.arrival]).toEqual([0, 1.5]);
});

test("prompt or output is what the total leaves", async () => {
  const text = "t,p,all\n0,5,7\n1,6,9\n";
  const { workload } = await read(text, "arrival=t:s,prompt=p,total=all");
  expect([...workload.truth.outputTokens]).toEqual([2, 3]);
  const other = await read(text, "arrival=t:s,output=p,total=all");
  expect([...other.workload.requests.promptTokens]).toEqual([2, 3]);
});

test("labels, caps, cached tokens, queue and ids are kept; tiers that are numbers go by number", async () => {
  const text = "t,p,o,m,c,q,who,tier,kind,s,model,id\n" +
    "0,5,2,16,3,10,ada,2,chat,s1,llama,r1\n1,6,3,32,0,20,,0,code,,llama,r2\n" +
    "2,6,3,,,,ada,10,chat,s1,qwen,r3\n";
  const { workload: { requests }, measured, report } = await read(
    text,
    `arrival=t:s,max=m,cached=c,queue=q:ms,tenant=who,tier=tier,category=kind,session=s,model=model,` +
      `id=id,${LENGTHS}`,
  );
  expect(namesOf(requests.tenant)).toEqual(["ada", "default", "ada"]);
  expect([namesOf(requests.tier), requests.tier.names]).toEqual([["2", "0", "10"], [
    "0",
    "2",
    "10",
  ]]);
  expect(namesOf(requests.category)).toEqual(["chat", "code", "chat"]);
  expect(namesOf(requests.session!)).toEqual(["s1", "", "s1"]);
  expect(namesOf(requests.model!)).toEqual(["llama", "llama", "qwen"]);
  expect(namesOf(requests.extra!.id as Labels)).toEqual(["r1", "r2", "r3"]);
  expect([...requests.maxTokens]).toEqual([16, 32, 16]);
  expect(report.assumptions).toContainEqual(expect.stringContaining("max_tokens 16 in 1 rows"));
  expect([...measured!.cachedTokens!]).toEqual([3, 0, -1]);
  expect([...measured!.durations!.queue]).toEqual([0.01, 0.02, NaN]);
});

test("of several columns the first that says something counts", async () => {
  const text = '{"t":1,"a":"x","p":5,"o":2}\n{"t2":"2","b":"y","q":6,"o":3}\n';
  const { workload: { requests } } = await read(
    text,
    "arrival=t:s|t2:s,tenant=a|b,prompt=p|q,output=o",
  );
  expect([...requests.arrival]).toEqual([0, 1]);
  expect([...requests.promptTokens]).toEqual([5, 6]);
  expect(namesOf(requests.tenant)).toEqual(["x", "y"]);
  const table = await read("t,a,p,o\n1,x,5,2\n", "arrival=t:s,tenant=none|a,prompt=p,output=o");
  expect(namesOf(table.workload.requests.tenant)).toEqual(["x"]);
});

test("words of a status are said; those of the map count instead of the usual ones", async () => {
  const text = "t,p,o,code\n0,5,2,0\n1,5,2,7\n2,5,2,0\n";
  expect(await messageOf(text, `arrival=t:s,status=code,${LENGTHS}`)).toContain(
    'log, row 2, field code: got "0", expected a status that is known (a code of HTTP, ok, success, ' +
      "completed, true, error, failed, rejected, …), or the words that mean an answer in the map: " +
      "status=code:0 or such",
  );
  const { workload, report } = await read(text, `arrival=t:s,status=code:0,${LENGTHS}`);
  expect(workload.requests.size).toBe(2);
  expect(report.assumptions).toContain("status: 0 is answered; 7 is failed");
  expect(report.setAside).toEqual([{ reason: "failed requests", rows: 1 }]);
});

test("a list in a JSON document is found by the option rows, also when it is on one line", async () => {
  const rows = [{ t: 0, p: 5, o: 2 }, { t: 1, p: 6, o: 3 }];
  for (const indent of [undefined, 2]) {
    const text = JSON.stringify({ meta: { n: 2 }, data: { requests: rows } }, null, indent);
    const { workload } = await read(text, `arrival=t:s,${LENGTHS}`, { rows: "data.requests" });
    expect(workload.requests.size).toBe(2);
  }
  const text = JSON.stringify({ data: rows });
  expect(await messageOf(text, `arrival=t:s,${LENGTHS}`, { rows: "requests" }))
    .toBe("log, field requests: got undefined, expected a list of rows there");
  expect(await messageOf(CSV, `arrival=ts:ms,${LENGTHS}`, { rows: "a" }))
    .toBe('log, field rows: got "a", expected JSON, where the option rows names a list');
});

test("a decimal comma is read where the option says so, and named where it does not", async () => {
  const text = "id;start;lat;in;out\n1;0,5;2,25;5;2\n2;1,5;0,5;6;3\n";
  const map = "arrival=start:s,e2e=lat:s,prompt=in,output=out";
  const { workload, measured } = await read(text, map, { decimal: "comma" });
  expect([...workload.requests.arrival]).toEqual([0, 1]);
  expect([...measured!.finish!]).toEqual([2.25, 1.5]);
  expect(await messageOf(text, map)).toContain(
    'log, row 2, field start: got "0,5", expected a time as a number; a decimal comma is read with ' +
      "--option decimal=comma",
  );
});

test("without times requests arrive as the options say", async () => {
  const text = "p,o,lat\n5,2,1\n6,3,2\n";
  const { workload, measured, report } = await read(text, `${LENGTHS},e2e=lat:s`, { rate: 4 });
  expect(workload.requests.arrival[1]).toBeGreaterThan(0);
  expect(measured).toBeUndefined();
  expect(report.assumptions).toContain(
    "e2e: left out, because the log does not say when requests came",
  );
});

test("lenient leaves out bad rows of every kind, with their lines", async () => {
  const text = "t,p,o\n1763324552,5,2\nx,5,2\n\n1763324553,0,2\n5,5,2\n,5,2\n1763324554,5,2\n";
  const { report, workload } = await read(text, `arrival=t:s,${LENGTHS}`, { lenient: true });
  expect(workload.requests.size).toBe(2);
  expect(report).toMatchObject({ rowsRead: 6, rowsKept: 2, rowsRefused: 4, blankLines: 1 });
  expect(report.problems.map(({ row, field, value }) => [row, field, value])).toEqual([
    [3, "t", "x"],
    [5, "p", 0],
    [6, "t", 5],
    [7, "t", undefined],
  ]);
});

describe("refused, with file, row, column, value and the flag:", () => {
  const map = `arrival=ts:ms,${LENGTHS}`;
  test.each<[string, string, string, string, Options?]>([
    [
      "a column that is not there",
      CSV,
      `arrival=tsms:ms,${LENGTHS}`,
      "log, row 1, field tsms: expected a column of the file for arrival, ts perhaps; it has ts, p, o",
    ],
    [
      "a path that no row has",
      '{"time":{"start":5},"p":5,"o":2}',
      `arrival=time.began:s,${LENGTHS}`,
      "log, field time.began: expected a column of the file for arrival; it has time.start, p, o",
    ],
    [
      "numbers without a unit",
      "ts,p,o\n0.5,5,2\n3600,5,2\n",
      `arrival=ts,${LENGTHS}`,
      "log, row 2, field ts: got 0.5, expected a unit in the map, because numbers from 0.5 to 3600 do " +
      "not tell it: arrival=ts:s, arrival=ts:ms, arrival=ts:us, arrival=ts:ns",
    ],
    [
      "numbers of two units",
      "ts,p,o\n1763324552,5,2\n1763324553000,5,2\n",
      `arrival=ts:epoch,${LENGTHS}`,
      "log, row 3, field ts: got 1763324553000, expected a time since 1970 whose size tells its unit, " +
      "the same in all rows, or the unit in the map: arrival=ts:s",
    ],
    [
      "a unit that makes the year 57,000",
      CSV,
      `arrival=ts:s,${LENGTHS}`,
      "log, row 3, field ts: got 1763324553500, expected a time before the year 2200 in seconds; in " +
      "milliseconds it is one: arrival=ts:ms",
    ],
    [
      "a number among dates",
      "ts,p,o\n1763324552000,5,2\n86400000,5,2\n",
      map,
      "log, row 3, field ts: got 86400000, expected milliseconds since 1970, as the other rows have",
    ],
    [
      "a date for a number",
      "ts,p,o\n2025-11-16T20:22:32Z,5,2\n",
      map,
      'log, row 2, field ts: got "2025-11-16T20:22:32Z", expected a time as a number',
    ],
    [
      "a number for a date",
      CSV,
      `arrival=ts:iso,${LENGTHS}`,
      'log, row 2, field ts: got "1763324552000", expected a date and time like 2025-11-16T18:17:03.979Z',
    ],
    [
      "a date of a spreadsheet without its order",
      "ts,p,o\n03/04/2025 10:00:00,5,2\n",
      `arrival=ts,${LENGTHS}`,
      'log, row 2, field ts: got "03/04/2025 10:00:00", expected a number, or a date and time like ' +
      "2025-11-16T18:17:03.979Z, +01:00 or no zone; other dates have a unit: dmy, mdy or clf",
    ],
    [
      "no such day",
      "ts,p,o\n13/13/2025 10:00:00,5,2\n",
      `arrival=ts:dmy,${LENGTHS}`,
      'log, row 2, field ts: got "13/13/2025 10:00:00", expected a date and time like 16/11/2025',
    ],
    [
      "a date before 1970",
      "ts,p,o\n0001-01-01T00:00:00Z,5,2\n",
      `arrival=ts:iso,${LENGTHS}`,
      'log, row 2, field ts: got "0001-01-01T00:00:00Z", expected a date and time',
    ],
    [
      "zones in some dates",
      "ts,p,o\n2025-11-16T20:22:32Z,5,2\n2025-11-16T20:22:33,5,2\n",
      `arrival=ts,${LENGTHS}`,
      "log, field ts: expected a zone in every date or in none: some have one, and some do not",
    ],
    [
      "two clocks",
      "a,f,p,o\n1763324552,3.5,5,2\n",
      `arrival=a:s,finish=f:s,${LENGTHS}`,
      "log, field f: expected times since 1970, as a has: finish counts from another start. A duration " +
      "is ttft or e2e, not first or finish",
    ],
    [
      "times that contradict each other",
      "a,f,l,p,o\n10,12,5,5,2\n10,12,2,5,2\n",
      `arrival=a:s,finish=f:s,e2e=l:s,${LENGTHS}`,
      "log, row 2, field l: got 5, expected finish less arrival, 2 s: the map says one thing twice; " +
      "leave e2e or finish out of it, or correct a unit",
    ],
    [
      "an end before its start",
      "a,f,p,o\n10.5,9.5,5,2\n",
      `arrival=a:s,finish=f:s,${LENGTHS}`,
      "log, row 2, field f: got",
    ],
    [
      "a total that is not the sum",
      "t,p,o,all\n0,5,2,8\n",
      `arrival=t:s,total=all,${LENGTHS}`,
      "log, row 2, field all: got 8, expected the sum of prompt and output, 7",
    ],
    [
      "a total below its part",
      "t,p,all\n0,5,4\n",
      "arrival=t:s,prompt=p,total=all",
      "log, row 2, field all: got 4, expected at least 5, a part of it",
    ],
    [
      "half a token",
      "ts,p,o\n1763324552000,5.5,2\n",
      map,
      'log, row 2, field p: got "5.5", expected an integer from 0 to 2147483647',
    ],
    [
      "a length of 0",
      "ts,p,o\n1763324552000,0,2\n",
      map,
      "log, row 2, field p: got 0, expected tokens, a whole number from 1 to 2147483647",
    ],
    [
      "an answered row without a length",
      "ts,p,o\n1763324552000,5,\n1763324552000,5,2\n",
      map,
      "log, row 2, field o: got undefined, expected tokens, a whole number from 1 to 2147483647",
    ],
    [
      "an answered row without a time",
      "ts,p,o\n,5,2\n1763324552000,5,2\n",
      map,
      "log, row 2, field ts: expected when the request came, as the other rows say: this one was answered",
    ],
    [
      "no counts in any row",
      "ts,p,o\n1763324552000,5,\n1763324552000,5,-\n",
      map,
      "log, field o: expected token counts (output) in some row: no row says any",
    ],
    [
      "a negative duration",
      "a,l,p,o\n10,-1,5,2\n",
      `arrival=a:s,e2e=l:s,${LENGTHS}`,
      'log, row 2, field l: got "-1", expected a number from 0 to 1000000000',
    ],
    [
      "an object for a name",
      '{"t":0,"who":{"id":1},"p":5,"o":2}',
      `arrival=t:s,tenant=who,${LENGTHS}`,
      'log, row 1, field who: got {"id":1}, expected a name',
    ],
    [
      "a boolean for a time",
      '{"t":true,"p":5,"o":2}',
      `arrival=t:s,${LENGTHS}`,
      "log, row 1, field t: got true, expected a time as a number",
    ],
    [
      "a row that is no object",
      '{"t":0,"p":5,"o":2}\n[1]',
      `arrival=t:s,${LENGTHS}`,
      "row 2: got [1]",
    ],
    [
      "a row that is no JSON",
      '{"t":0,"p":5,"o":2}\noops',
      `arrival=t:s,${LENGTHS}`,
      "expected JSON",
    ],
    [
      "one column as two things",
      CSV,
      `arrival=ts:ms,tenant=ts,${LENGTHS}`,
      "--map, field ts: expected to be one thing: it is mapped as a time and as a name",
    ],
    [
      "one column in two units",
      CSV,
      `arrival=ts:ms,sent=ts:s,${LENGTHS}`,
      "--map, field ts: expected one unit: it is mapped with ms and with s",
    ],
    [
      "a column that is there twice",
      "ts,ts,p,o\n1,1,5,2\n",
      `arrival=ts:s,${LENGTHS}`,
      'log, row 1, field ts: got "ts,ts,p,o", expected this column once',
    ],
    [
      "a format beside a map",
      CSV,
      map,
      'options, field format: got "azure", expected no format beside a map',
      { format: "azure" },
    ],
    ["an empty file", "", map, "log, row 1: expected a header"],
    ["a header alone", "ts,p,o\n", map, "log: expected at least one row of data"],
  ])("%s", async (_what, text, columns, message, options) => {
    expect(await messageOf(text, columns, options)).toContain(message);
  });

  test("no map at all", async () => {
    await expect(readTrace(CSV, { format: "mapped", source: "log" })).rejects.toThrow(
      "log, field map: expected a map of the columns: target=column or target=column:unit",
    );
  });
});

describe("a guess", () => {
  const text = "ts_ms,prompt_tok,completion_tok,user,region\n1763324552000,5,2,ada,eu\n" +
    "1763324553500,6,3,bob,eu\n";

  test("is proposed where no format knows the file, with reasons, and not used", async () => {
    await expect(readTrace(text, { source: "log.csv" })).rejects.toThrow(
      "name one if it is. If it is a log of requests, map its columns, perhaps so:\n" +
        "  --map 'arrival=ts_ms:ms,prompt=prompt_tok,output=completion_tok,tenant=user'\n" +
        "    arrival=ts_ms:ms (13 digits: milliseconds since 1970)\n" +
        "    prompt=prompt_tok (a usual name of it)\n" +
        "    output=completion_tok (a usual name of it)\n" +
        "    tenant=user (a usual name of it)\n" +
        "    not used: region\n" +
        "  --map guess takes it as it stands",
    );
  });

  test("is used where it is asked for, and every choice is said", async () => {
    const guessed = await read(text, "guess");
    const named = await read(
      text,
      "arrival=ts_ms:ms,prompt=prompt_tok,output=completion_tok,tenant=user",
    );
    expect(guessed.workload.requests).toEqual(named.workload.requests);
    expect(guessed.report.assumptions.slice(0, 4)).toEqual([
      "guessed: arrival=ts_ms:ms (13 digits: milliseconds since 1970)",
      "guessed: prompt=prompt_tok (a usual name of it)",
      "guessed: output=completion_tok (a usual name of it)",
      "guessed: tenant=user (a usual name of it)",
    ]);
  });

  test("that leaves something open is refused", async () => {
    const open = "t,prompt_tok,completion_tok\n0.5,5,2\n";
    expect(await messageOf(open, "guess")).toBe(
      'log, field map: got "guess", expected a map, because the guess leaves something open:\n' +
        "  --map 'arrival=t:UNIT,prompt=prompt_tok,output=completion_tok'\n" +
        "    arrival=t:UNIT (numbers from 0.5 to 0.5: s, ms, us or ns)\n" +
        "    prompt=prompt_tok (a usual name of it)\n" +
        "    output=completion_tok (a usual name of it)",
    );
    expect(await messageOf("name,age\nada,36\n", "guess")).toContain(
      "expected columns whose names say what they are: none has a usual name of a length. If it is a " +
        "log of requests, map its columns: --map arrival=column:ms,prompt=column,output=column; it has " +
        "name, age",
    );
  });
});
