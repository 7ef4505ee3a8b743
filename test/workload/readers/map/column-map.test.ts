import { describe, expect, test } from "vitest";
import { InputError } from "../../../../src/errors/input-error.ts";
import { type ColumnMap, parseColumnMap } from "../../../../src/workload/readers/map/column-map.ts";

const LENGTHS = "prompt=p,output=o";

function problemOf(map: string | ColumnMap) {
  try {
    parseColumnMap(map);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error("Nothing was refused");
}

test("a text and an object say the same", () => {
  const parsed = parseColumnMap(
    " arrival = ts_ms:ms , e2e=took:us,prompt=usage.prompt_tokens,output=a|b , status=code:2xx/ok ",
  );
  expect(parsed).toEqual({
    arrival: [{ column: "ts_ms", unit: "ms" }],
    e2e: [{ column: "took", unit: "us" }],
    prompt: [{ column: "usage.prompt_tokens" }],
    output: [{ column: "a" }, { column: "b" }],
    status: [{ column: "code", words: ["2xx", "ok"] }],
  });
  expect(parseColumnMap({
    arrival: { column: "ts_ms", unit: "ms" },
    e2e: "took:us",
    prompt: "usage.prompt_tokens",
    output: { column: ["a", "b"] },
    status: "code:2xx/ok",
    tenant: undefined,
  })).toEqual(parsed);
});

test("names with signs of the map stand in quotes, or in an object", () => {
  const columns = ["a,b", "c=d", ":authority", 'say "so"', "x|y", " z "];
  const targets = ["tenant", "tier", "category", "session", "model", "id"] as const;
  const quoted = ['"a,b"', '"c=d"', '":authority"', '"say ""so"""', '"x|y"', '" z "'];
  const text = targets.map((target, at) => `${target}=${quoted[at]}`).join(",");
  const asObject = Object.fromEntries(
    targets.map((target, at) => [target, { column: columns[at] }]),
  );
  const parsed = parseColumnMap(`${text},${LENGTHS}`);
  expect(targets.map((target) => parsed[target]![0].column)).toEqual(columns);
  expect(parseColumnMap({ ...asObject, prompt: "p", output: "o" })).toEqual(parsed);
  expect(parseColumnMap(`arrival="the: time":ms,${LENGTHS}`).arrival)
    .toEqual([{ column: "the: time", unit: "ms" }]);
});

test("a duration may say from where it counts", () => {
  const map = parseColumnMap(`arrival=a,sent=s,e2e=l:ms@sent,ttft=f:s@arrival,${LENGTHS}`);
  expect(map.e2e).toEqual([{ column: "l", unit: "ms", from: "sent" }]);
  expect(map.ttft).toEqual([{ column: "f", unit: "s", from: "arrival" }]);
});

test("some targets have a second name", () => {
  expect(Object.keys(parseColumnMap(`arrival=a,latency=l:s,max_tokens=m,first_token=f,${LENGTHS}`)))
    .toEqual(["arrival", "e2e", "max", "first", "prompt", "output"]);
});

describe("refused, with what is wrong and what would be right:", () => {
  test.each([
    ["no map", "", '--map, field map: got "", expected target=column or target=column:unit'],
    ["no equals sign", "prompt", 'field map: got "prompt", expected target=column'],
    ["no column", "prompt=", 'got "prompt=", expected target=column'],
    [
      "no name before a unit",
      `arrival=:ms,${LENGTHS}`,
      'field arrival: got ":ms", expected a column\'s',
    ],
    [
      "a bad end of quotes",
      `arrival="a"b,${LENGTHS}`,
      "expected a column's name and perhaps a unit",
    ],
    [
      "an unknown target",
      `arival=ts:ms,${LENGTHS}`,
      'field map: got "arival", expected a known target, one of arrival, sent, first, finish, ttft, e2e',
    ],
    ["the nearest one", `arival=ts:ms,${LENGTHS}`, "; arrival perhaps"],
    [
      "no target of every object",
      `constructor=ts,${LENGTHS}`,
      'got "constructor", expected a known',
    ],
    ["a target twice", `prompt=a,${LENGTHS}`, 'field prompt: got "p", expected each target once'],
    [
      "a second name of it",
      `e2e=a:s,latency=b:s,${LENGTHS}`,
      'field e2e: got "b:s", expected each target',
    ],
    [
      "an unknown unit",
      `arrival=ts:msec,${LENGTHS}`,
      'field arrival: got "ts:msec", expected a known unit, one of s, ms, us, ns, epoch, iso, dmy, mdy, clf',
    ],
    ["quotes for a colon", `arrival=ts:msec,${LENGTHS}`, 'a name with a colon: "a:b"'],
    [
      "a duration without a unit",
      `arrival=a,e2e=latency,${LENGTHS}`,
      'field e2e: got "latency", expected its unit, which no value tells: e2e=column:s, :ms, :us or :ns',
    ],
    [
      "a date as a duration",
      `arrival=a,e2e=l:iso,${LENGTHS}`,
      "expected a known unit, one of s, ms, us, ns",
    ],
    [
      "a start that is none",
      `arrival=a,e2e=l:ms@first,${LENGTHS}`,
      "from where it counts: ms@arrival",
    ],
    ["a start of a queue", `arrival=a,queue=l:ms@sent,${LENGTHS}`, "field queue: got"],
    ["a unit of a count", "prompt=a:ms,output=b", 'field prompt: got "a:ms", expected no unit'],
    [
      "neither length",
      "arrival=ts",
      "expected lengths: prompt=… and output=…, or one of them and total",
    ],
    ["one length alone", "arrival=ts,prompt=p", "expected lengths"],
    [
      "ends without starts",
      `finish=f,${LENGTHS}`,
      "expected when requests began: arrival=… or sent=…, or the duration up to the time that is there: e2e",
    ],
    ["a first token without a start", `first=f,${LENGTHS}`, "the time that is there: ttft=…"],
    [
      "two starts for a duration",
      `arrival=a,sent=s,e2e=l:ms,${LENGTHS}`,
      'field e2e: got "arrival, sent, e2e, prompt, output", expected from where it counts: ' +
      "e2e=column:ms@arrival or e2e=column:ms@sent",
    ],
    [
      "a start that is not there",
      `sent=s,e2e=l:ms@arrival,${LENGTHS}`,
      "expected arrival=… in the map",
    ],
    ["another one", `arrival=s,ttft=l:ms@sent,${LENGTHS}`, "expected sent=… in the map"],
  ])("%s", (_what, map, message) => {
    expect(problemOf(map)).toContain(message);
  });

  test.each([
    ["a list", ["prompt"], "expected an object of target to"],
    ["null", null, "expected an object of target to"],
    ["a number for a column", { prompt: 3, output: "o" }, "field prompt: got 3, expected"],
    ["an empty name", { prompt: { column: "" }, output: "o" }, "field prompt: got"],
    ["no names", { prompt: { column: [] }, output: "o" }, "field prompt: got"],
    [
      "a unit that is no text",
      { arrival: { column: "a", unit: 3 }, prompt: "p" },
      "field arrival: got",
    ],
  ])("as an object, %s", (_what, map, message) => {
    expect(problemOf(map as unknown as ColumnMap)).toContain(message);
  });
});

test("a map out of a file is named by the file", () => {
  expect(() => parseColumnMap({ prompt: "p" }, "my-map.json")).toThrow("my-map.json, field map");
});
