import { describe, expect, test } from "vitest";
import { guessMap } from "../../../../../src/workload/readers/map/guess/guess-map.ts";
import { headOf } from "../../../../../src/workload/readers/parsing/head.ts";

const guess = (text: string) => guessMap(headOf(new TextEncoder().encode(text), true));

describe("columns by their names and values", () => {
  test.each([
    [
      "a table of milliseconds",
      "ts_ms,prompt_tok,completion_tok,user\n1763324552160,5,2,a\n",
      "arrival=ts_ms:ms,prompt=prompt_tok,output=completion_tok,tenant=user",
    ],
    [
      "semicolons, camel case, dates",
      "startTime;endTime;promptTokens;completionTokens;modelName\n" +
      "2025-11-16T20:22:32Z;2025-11-16T20:22:33Z;5;2;llama\n",
      "arrival=startTime:iso,finish=endTime:iso,prompt=promptTokens,output=completionTokens," +
      "model=modelName",
    ],
    [
      "a log of JSON with an object in it",
      '{"created": 1763324552.5, "usage": {"input_tokens": 5, "output_tokens": 2}, "latency_ms": 20}\n',
      "arrival=created:s,e2e=latency_ms:ms,prompt=usage.input_tokens,output=usage.output_tokens",
    ],
    [
      "nanoseconds, which are numbers too long for a double",
      '{"time_unix_nano": 1763324552160648700, "input_tokens": 5, "output_tokens": 2}',
      "arrival=time_unix_nano:ns,prompt=input_tokens,output=output_tokens",
    ],
    [
      "names with spaces and brackets",
      "Start Time (s),Prompt Tokens,Output Tokens,HTTP Status\n0.5,5,2,200\n1.5,6,3,429\n",
      "arrival=Start Time (s):s,prompt=Prompt Tokens,output=Output Tokens,status=HTTP Status",
    ],
    [
      "days that can only be days",
      "date,input_len,output_len\n13/11/2025 10:00:00,5,2\n",
      "arrival=date:dmy,prompt=input_len,output=output_len",
    ],
    [
      "a small number of the name of an end is how long it took",
      "timestamp,first_token_time_ms,prompt_len,output_len\n1763324552,250,5,2\n",
      "arrival=timestamp:s,ttft=first_token_time_ms:ms,prompt=prompt_len,output=output_len",
    ],
    [
      "a sum in place of an answer",
      "ts,prompt_tokens,total_tokens\n1763324552,5,7\n",
      "arrival=ts:s,prompt=prompt_tokens,total=total_tokens",
    ],
    [
      "a sum beside its parts says nothing",
      "ts,prompt_tokens,completion_tokens,total_tokens\n1763324552,5,2,7\n",
      "arrival=ts:s,prompt=prompt_tokens,output=completion_tokens",
    ],
  ])("%s", (_what, text, map) => {
    const guessed = guess(text)!;
    expect(guessed.map).toBe(map);
    expect(guessed.complete).toBe(true);
    for (const { reason } of guessed.pieces) expect(reason).not.toBe("");
  });
});

test("what nobody can tell is left open", () => {
  const open = guess("t,latency,prompt_tokens,output_tokens\n0.5,2,5,2\n9,3,5,2\n")!;
  expect(open.map).toBe(
    "arrival=t:UNIT,e2e=latency:UNIT,prompt=prompt_tokens,output=output_tokens",
  );
  expect(open.complete).toBe(false);
  expect(open.pieces[0].reason).toBe("numbers from 0.5 to 9: s, ms, us or ns");
  const half = guess("ts,prompt_tokens,words\n1763324552,5,2\n")!;
  expect([half.map, half.complete]).toEqual([
    "arrival=ts:s,prompt=prompt_tokens,output=COLUMN",
    false,
  ]);
  expect(half.columnsLeft).toEqual(["words"]);
  const dates = guess("date,input_len,output_len\n03/04/2025 10:00:00,5,2\n")!;
  expect(dates.map).toContain("arrival=date:UNIT");
  expect(dates.pieces[0].reason).toContain("dmy or mdy");
});

test("a name whose values are no such thing is another column's", () => {
  expect(guess("ts,prompt,prompt_len,output_len\n1763324552,Hello,5,2\n")!.map)
    .toBe("arrival=ts:s,prompt=prompt_len,output=output_len");
  expect(guess("ts,status,prompt_len,output_len\n1763324552,queued,5,2\n")!.columnsLeft)
    .toEqual(["status"]);
});

test.each([
  ["no table", "hello\nworld\n"],
  ["nothing", ""],
  ["a table of something else", "name,age\nada,36\n"],
  ["JSON of something else", '{"name": "ada"}'],
  ["JSON that is no rows", "[1, 2, 3]"],
  ["a header alone", "ts,prompt_tokens,output_tokens\n"],
])("nothing is guessed of %s", (_what, text) => {
  expect(guess(text)).toBeUndefined();
});

test("the guess of a file that goes on looks at whole lines alone", () => {
  const row = "1763324552160,5,2,a\n";
  const text = `ts_ms,prompt_tok,completion_tok,user\n${row.repeat(5000)}`.slice(0, -3);
  const head = headOf(new TextEncoder().encode(text), false);
  expect(guessMap(head)!.map)
    .toBe("arrival=ts_ms:ms,prompt=prompt_tok,output=completion_tok,tenant=user");
});
