import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { arenaMeasured } from "../../../src/workload/readers/formats/arena-measured.ts";
import { arenaTrace } from "../../../src/workload/readers/formats/arena-trace.ts";
import { burstGpt } from "../../../src/workload/readers/formats/burstgpt.ts";
import { lengthTable } from "../../../src/workload/readers/formats/lengths.ts";
import { readWhole } from "../../../src/workload/readers/read-trace.ts";

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error("Nothing was refused");
}

const ARENA = "req_id,client,prompt_len,output_len,req_time_s";
const GOOD = "0,a,5,7,0.5";
const TOKENS = "an integer from 1 to 2147483647";
const SECONDS = "a number from 0 to 1000000000";
const NAME = "a name of 1 to 256 printable characters";
const PLACE = "t.csv, row 3, field";
const QUOTES = "expected every quote to close before the next cell or the end of its line";

const cell = (name: string, value: string) => {
  const cells = ["1", "b", "6", "8", "1.5"];
  cells[ARENA.split(",").indexOf(name)] = value;
  return `${ARENA}\n${GOOD}\n${cells.join(",")}\n`;
};

/** What is wrong, the file, the whole message. */
const badArena: readonly (readonly [string, string | Uint8Array, string])[] = [
  [
    "an empty file",
    "",
    "t.csv, row 1: expected a header with the columns req_id, client, prompt_len, output_len, " +
    "req_time_s: the line is empty",
  ],
  [
    "a blank first line",
    `\n${ARENA}\n${GOOD}\n`,
    "t.csv, row 1: expected a header with the columns req_id, client, prompt_len, output_len, " +
    "req_time_s: the line is empty",
  ],
  ["a header alone", ARENA, "t.csv: expected at least one row of data: the trace is empty"],
  [
    "a header and blank lines",
    `${ARENA}\n\n\n`,
    "t.csv: expected at least one row of data: the trace is empty",
  ],
  [
    "a missing column",
    "req_id,client,prompt_len,req_time_s\n0,a,5,0.5\n",
    't.csv, row 1, field output_len: got "req_id,client,prompt_len,req_time_s", expected a column ' +
    "of this name",
  ],
  [
    "a doubled column",
    `${ARENA},client\n${GOOD},b\n`,
    `t.csv, row 1, field client: got "${ARENA},client", expected this column once`,
  ],
  [
    "no header",
    `${GOOD}\n`,
    [
      "req_id",
      "client",
      "prompt_len",
      "output_len",
      "req_time_s",
    ].map((name) => `t.csv, row 1, field ${name}: got "${GOOD}", expected a column of this name`)
      .join("\n"),
  ],
  [
    "a short row",
    `${ARENA}\n${GOOD}\n1,b,6\n`,
    "t.csv, row 3: got 3, expected 5 cells, as in the header",
  ],
  [
    "a long row",
    `${ARENA}\n${GOOD}\n1,b,6,8,1.5,9\n`,
    "t.csv, row 3: got 6, expected 5 cells, as in the header",
  ],
  [
    "a line of spaces",
    `${ARENA}\n${GOOD}\n  \n`,
    "t.csv, row 3: got 1, expected 5 cells, as in the header",
  ],
  [
    "text in a number column",
    cell("prompt_len", "many"),
    `${PLACE} prompt_len: got "many", expected ${TOKENS}`,
  ],
  ["an empty cell", cell("prompt_len", ""), `${PLACE} prompt_len: got "", expected ${TOKENS}`],
  ["NaN", cell("req_time_s", "NaN"), `${PLACE} req_time_s: got "NaN", expected ${SECONDS}`],
  [
    "Infinity",
    cell("req_time_s", "Infinity"),
    `${PLACE} req_time_s: got "Infinity", expected ${SECONDS}`,
  ],
  [
    "a number above all doubles",
    cell("req_time_s", "1e309"),
    `${PLACE} req_time_s: got "1e309", expected ${SECONDS}`,
  ],
  [
    "milliseconds since 1970 for seconds",
    cell("req_time_s", "1763900000000"),
    `${PLACE} req_time_s: got "1763900000000", expected ${SECONDS}`,
  ],
  [
    "a negative length",
    cell("output_len", "-8"),
    `${PLACE} output_len: got "-8", expected an integer from 1 to 1024`,
  ],
  [
    "a length of zero",
    cell("output_len", "0"),
    `${PLACE} output_len: got "0", expected an integer from 1 to 1024`,
  ],
  [
    "an answer above the trace's cap",
    cell("output_len", "1025"),
    `${PLACE} output_len: got "1025", expected an integer from 1 to 1024`,
  ],
  ["half a token", cell("prompt_len", "6.5"), `${PLACE} prompt_len: got "6.5", expected ${TOKENS}`],
  [
    "a number that is not quite whole",
    cell("prompt_len", "6.05"),
    `${PLACE} prompt_len: got "6.05", expected ${TOKENS}`,
  ],
  [
    "hexadecimal",
    cell("prompt_len", "0x10"),
    `${PLACE} prompt_len: got "0x10", expected ${TOKENS}`,
  ],
  ["a plus sign", cell("prompt_len", "+6"), `${PLACE} prompt_len: got "+6", expected ${TOKENS}`],
  [
    "a byte order mark within the file",
    cell("req_id", "\ufeff1"),
    `${PLACE} req_id: got "\ufeff1", expected an integer from 0 to 2147483647`,
  ],
  ["a space", cell("prompt_len", " 6"), `${PLACE} prompt_len: got " 6", expected ${TOKENS}`],
  [
    "full-width digits",
    cell("prompt_len", "６"),
    `${PLACE} prompt_len: got "６", expected ${TOKENS}`,
  ],
  [
    "Arabic digits",
    cell("req_time_s", "١"),
    `${PLACE} req_time_s: got "١", expected ${SECONDS}`,
  ],
  [
    "more tokens than an Int32 holds",
    cell("prompt_len", "2147483648"),
    `${PLACE} prompt_len: got "2147483648", expected ${TOKENS}`,
  ],
  ["no client", cell("client", ""), `${PLACE} client: got "", expected ${NAME}`],
  [
    "a control character in a name",
    cell("client", "a\u0000b"),
    `${PLACE} client: got "a\\u0000b", expected ${NAME}`,
  ],
  [
    "a very long name",
    cell("client", "x".repeat(300)),
    `${PLACE} client: got "${"x".repeat(79)}… (302 chars), expected ${NAME}`,
  ],
  [
    "time that runs backwards",
    cell("req_time_s", "0.25"),
    `${PLACE} req_time_s: got 0.25, expected a time not before that of an earlier row, 0.5`,
  ],
  [
    "a doubled row",
    `${ARENA}\n${GOOD}\n${GOOD}\n`,
    `${PLACE} req_id: got 0, expected an id that ` +
    "no earlier row has",
  ],
  [
    "a quote that does not close",
    `${ARENA}\n${GOOD}\n1,"b,6,8,1.5\n2,c,7,9,2.5\n`,
    `t.csv, row 3: got "b,6,8,1.5", ${QUOTES}`,
  ],
  [
    "a quote that closes lines later",
    `${ARENA}\n0,"a,5,7,0.5\n1,b",6,8,1.5\n`,
    `t.csv, row 2: got "a,5,7,0.5", ${QUOTES}`,
  ],
  [
    "text after a closing quote",
    `${ARENA}\n${GOOD}\n1,"b"c,6,8,1.5\n`,
    `t.csv, row 3: got "b\\"c,6,8,1.5", ${QUOTES}`,
  ],
  [
    "bytes that are no UTF-8",
    new Uint8Array([0x61, 0xff, 0xfe]),
    "t.csv, row 1: expected text in UTF-8; some bytes are not valid UTF-8",
  ],
  [
    "gzip",
    new Uint8Array([0x1f, 0x8b, 0x08, 0x00]),
    "t.csv: expected a plain file: this is gzip",
  ],
];

for (const [what, file, message] of badArena) {
  test(`${what} in the arena trace is refused by name`, () => {
    expect(messageOf(() => readWhole(arenaTrace, file, "t.csv"))).toBe(message);
  });
}

test("the first twenty problems are listed and the rest is counted", () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i},a,x,7,${i}`);
  const lines = messageOf(() => readWhole(arenaTrace, [ARENA, ...rows].join("\n"), "t.csv")).split(
    "\n",
  );
  expect(lines.length).toBe(21);
  expect(lines[19]).toBe(`t.csv, row 21, field prompt_len: got "x", expected ${TOKENS}`);
  expect(lines[20]).toBe("… and 10 more problems in t.csv (30 rows refused)");
});

test("a lenient reader still refuses a file of which nothing is left", () => {
  const file = `${ARENA}\n0,a,x,7,1\n`;
  expect(messageOf(() => readWhole(arenaTrace, file, "t.csv", { lenient: true }))).toBe(
    `t.csv, row 2, field prompt_len: got "x", expected ${TOKENS}`,
  );
});

test("a lenient reader still refuses a file in which a quote swallows rows", () => {
  const file = `${ARENA}\n0,"a,5,7,0.5\n1,b",6,8,1.5\n2,c,7,9,2.5\n`;
  expect(messageOf(() => readWhole(arenaTrace, file, "t.csv", { lenient: true }))).toContain(
    QUOTES,
  );
});

test("a header without GeneratedTokens is no length table", () => {
  expect(messageOf(() => readWhole(lengthTable, "ContextTokens\n5\n", "l.csv"))).toBe(
    'l.csv, row 1, field GeneratedTokens: got "ContextTokens", expected a column of this name',
  );
});

const BURST = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type";

const badBurstGpt: readonly (readonly [string, string, string])[] = [
  [
    "a total that is not the sum",
    "5,ChatGPT,472,18,491,Conversation log",
    "b.csv, row 2, field Total tokens: got 491, expected the sum of request and response tokens, " +
    "490",
  ],
  [
    "an answer without a prompt",
    "5,ChatGPT,0,18,18,Conversation log",
    "b.csv, row 2, field Request tokens: got 0, expected at least 1 in a row with an answer",
  ],
  [
    "an unknown log type",
    "5,ChatGPT,472,18,490,Mail",
    'b.csv, row 2, field Log Type: got "Mail", expected one of Conversation log, API log',
  ],
  [
    "failed requests alone",
    "5,ChatGPT,0,0,0,API log",
    "b.csv: expected at least one usable row: all 1 are set aside (failed requests (no response " +
    "tokens))",
  ],
];

for (const [what, row, message] of badBurstGpt) {
  test(`${what} in BurstGPT is refused by name`, () => {
    expect(messageOf(() => readWhole(burstGpt, `${BURST}\n${row}\n`, "b.csv"))).toBe(message);
  });
}

const response = {
  adapter_dir: "a",
  prompt_len: 5,
  output_len: 7,
  req_time: 0,
  first_token_latency: 1,
  request_latency: 2,
};
const measuredFile = (...responses: unknown[]) => JSON.stringify({ result: { responses } });
const AT = "m.jsonl, row 1, field result.responses";

const measured: readonly (readonly [string, string, string])[] = [
  [
    "an empty file",
    "",
    "m.jsonl: got 0, expected one line that is not blank, with one experiment as a JSON object",
  ],
  [
    "two lines",
    "{}\n{}\n",
    "m.jsonl: got 2, expected one line that is not blank, with one experiment as a JSON object",
  ],
  ["no JSON", "\n{oops", 'm.jsonl, row 2: got "{oops", expected JSON'],
  ["no result", "{}", "m.jsonl, field result: got undefined, expected object"],
  [
    "no list of responses",
    '{"result":{"responses":3}}',
    "m.jsonl, field result.responses: got 3, expected array",
  ],
  ["no response", measuredFile(), "m.jsonl: expected at least one row of data: the trace is empty"],
  ["a response that is none", measuredFile(response, 3), `${AT}.1: got 3, expected an object`],
  [
    "text for a number",
    measuredFile(response, { ...response, prompt_len: "5" }),
    `${AT}.1.prompt_len: got "5", expected an integer from 1 to 2147483647`,
  ],
  [
    "a missing time",
    measuredFile({ ...response, req_time: undefined }),
    `${AT}.0.req_time: got undefined, expected ${SECONDS}`,
  ],
  [
    "a number above all doubles",
    measuredFile(response).replace('"request_latency":2', '"request_latency":1e309'),
    `${AT}.0.request_latency: got Infinity, expected ${SECONDS}`,
  ],
  [
    "a first token after the last",
    measuredFile({ ...response, first_token_latency: 3 }),
    `${AT}.0.first_token_latency: got 3, expected at most request_latency, 2`,
  ],
];

for (const [what, file, message] of measured) {
  test(`${what} in the measured outcome is refused by name`, () => {
    expect(messageOf(() => readWhole(arenaMeasured, file, "m.jsonl"))).toBe(message);
  });
}

test("a lenient reader leaves a bad response out of the measured outcome", () => {
  const file = measuredFile(response, { ...response, output_len: 0 }, { ...response, extra: 1 });
  const { measured, report } = readWhole(arenaMeasured, file, "m.jsonl", { lenient: true });
  expect(measured?.firstToken?.length).toBe(2);
  expect(report).toMatchObject({ rowsRead: 3, rowsKept: 2, rowsRefused: 1 });
  expect(report.columnsIgnored).toEqual(["extra"]);
});
