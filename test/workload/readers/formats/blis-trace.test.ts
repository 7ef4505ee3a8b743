import { describe, expect, test } from "vitest";
import { promptContent } from "../../../../src/workload/content-of-prompts.ts";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";
import type { ReadTrace } from "../../../../src/workload/readers/trace-format.ts";
import { sharedPrefixTokens } from "../../../../src/workload/statistics/shared-prefixes.ts";
import { writeTrace } from "../../../../src/workload/writers/registry.ts";

const HEADER = "request_id,client_id,tenant_id,slo_class,session_id,round_index,prefix_group," +
  "prefix_length,streaming,input_tokens,output_tokens,text_tokens,image_tokens,audio_tokens," +
  "video_tokens,reason_ratio,model,deadline_us,server_input_tokens,arrival_time_us,send_time_us," +
  "first_chunk_time_us,last_chunk_time_us,num_chunks,status,error_message,finish_reason";
const ROWS = [
  "0,c1,t1,batch,s1,0,g,100,true,10,5,10,0,0,0,0.5,qwen,0,112,1000000,1000200,1500000,2500000,5,ok,,stop",
  '1,c2,t2,critical,s1,1,,0,true,20,7,20,0,0,0,0,,2000000,0,1250000,1250000,0,0,0,timeout,"late, alas",',
  "2,c1,t1,,,0,,0,false,30,9,30,0,0,0,0,,0,0,3000000,3000000,3100000,3900000,9,ok,,length",
];
const text = [HEADER, ...ROWS].join("\n");
const yaml = new TextEncoder().encode(
  "trace_version: 2\ntime_unit: microseconds\nmode: real\nwarm_up_requests: 1\nserver:\n  model: qwen\n",
);

test("prompts are beginning and rest, classes are tiers by urgency, times are measured", async () => {
  const { workload, measured, unserved, report } = await readTrace(text, {
    companions: { header: yaml },
  });
  const { requests, truth } = workload;
  expect([...requests.arrival]).toEqual([1, 3]);
  expect([...requests.promptTokens]).toEqual([110, 30]);
  expect([...truth.outputTokens]).toEqual([5, 9]);
  expect(requests.tier.names).toEqual(["critical", "standard", "batch"]);
  expect([...requests.tier.codes]).toEqual([2, 1]);
  expect(requests.tenant.names).toEqual(["t1"]);
  expect([...measured!.sent!]).toEqual([1.0002, 3]);
  expect([...measured!.firstToken!]).toEqual([1.5, 3.1]);
  expect([...measured!.finish!]).toEqual([2.5, 3.9]);
  expect(unserved!.status.names).toEqual(["cancelled"]);
  expect([...unserved!.requests.arrival]).toEqual([1.25]);
  expect(report.setAside).toEqual([{ reason: "requests that did not end ok", rows: 1 }]);
  expect(report.columnsIgnored)
    .toEqual(["reason_ratio", "num_chunks", "error_message", "finish_reason"]);
  expect(report.assumptions).toContain("the first 1 requests, a warm-up, are kept");
  expect(workload.provenance.parameters).toMatchObject({ mode: "real", server: { model: "qwen" } });
  expect(Object.keys(requests.extra!).toSorted()).toEqual([
    ...["client_id", "deadline_us", "prefix_group", "prefix_length", "round_index"],
    ...["server_input_tokens", "streaming", "text_tokens"],
  ]);
});

test("clients are tenants where no row names one, and a clock of dates begins at the first row", async () => {
  const epoch = 1_764_000_000_000_000;
  const later = ROWS.map((row) =>
    row.replace(/,t\d,/, ",,").replaceAll(/\b[123]\d{6}\b/g, (us) => String(epoch + Number(us)))
  );
  const { workload, measured, report } = await readTrace([HEADER, ...later].join("\n"));
  expect(workload.requests.tenant.names).toEqual(["c1"]);
  expect([...workload.requests.arrival]).toEqual([0, 2]);
  expect(measured!.finish![1]).toBe(2.9);
  expect(report.assumptions).toEqual(expect.arrayContaining([
    "times are in microseconds: no YAML header gives another unit",
    `time 0 is that of the first request, at ${epoch + 1e6} µs since 1970`,
    "tenants are clients: no row has a tenant_id",
  ]));
});

test("a header that is no YAML, of another unit or version, is refused by field", async () => {
  const read = (header: string) =>
    readTrace(text, { source: "t.csv", companions: { header: new TextEncoder().encode(header) } });
  await expect(read("a: [")).rejects.toThrow("header of t.csv: expected YAML: ");
  await expect(read("trace_version: 1\ntime_unit: ms\nmode: real\n")).rejects.toThrow(
    /header of t\.csv, field trace_version: got 1[^]*field time_unit: got "ms"/,
  );
});

test("times that run backwards, empty prompts and missing columns are refused", async () => {
  const bad = ROWS[0].replace("2500000", "1400000");
  await expect(readTrace([HEADER, bad].join("\n"), { source: "t.csv" })).rejects.toThrow(
    "t.csv, row 2, field last_chunk_time_us: got 1400000, expected at least first_chunk_time_us",
  );
  const empty = ROWS[2].replace("false,30", "false,0");
  await expect(readTrace([HEADER, empty].join("\n"))).rejects.toThrow("field input_tokens: got 0");
  await expect(readTrace("request_id,input_tokens\n1,2\n", { format: "blis-tracev2" })).rejects
    .toThrow("field arrival_time_us");
});

describe("what prompts share", () => {
  const header = "request_id,session_id,round_index,prefix_group,prefix_length,input_tokens," +
    "output_tokens,arrival_time_us,status";
  const trace = (...rows: string[]) => [header, ...rows].join("\n");
  const growing = [
    "0,s,0,g,100,10,5,1000000,ok",
    "1,t,0,h,50,8,4,1500000,ok",
    "2,s,1,g,100,27,7,2000000,ok",
    "3,s,2,g,100,34,9,3000000,ok",
    "4,,0,g,100,3,2,4000000,ok",
    "5,,0,g,80,40,2,5000000,timeout",
  ];
  const shared = ({ workload: { requests, truth } }: ReadTrace) => [...sharedPrefixTokens({
    content: promptContent(requests)!,
    promptTokens: requests.promptTokens,
    ...truth,
  }, 1)];

  test("groups begin alike; rounds of growing sessions hold prompts and answers before", async () => {
    const grown = await readTrace(trace(...growing));
    expect(grown.report.assumptions).toContain(
      "rounds of a session hold the prompts and answers before: 1 of 1 sessions, whose rounds are " +
        "long enough",
    );
    // The last token of an answer has no KV: 110 + 5 − 1, 127 + 7 − 1.
    expect(shared(grown)).toEqual([0, 0, 114, 133, 100]);
    const { promptBlocks } = grown.workload.requests;
    const { values } = grown.unserved!.requests.promptBlocks!;
    expect([...values]).toEqual([promptBlocks!.values[0]]);
    const apart = await readTrace(trace(...growing), { sessions: "apart" });
    expect(shared(apart)).toEqual([0, 0, 100, 100, 100]);
    expect(apart.report.assumptions).toContain(
      "rounds of a session share no more than the beginning of their prefix_group",
    );
  });

  test("one session that cannot grow says that none does, unless the user says so", async () => {
    const short = trace(...growing, "6,t,1,h,50,11,4,6000000,ok");
    expect(shared(await readTrace(short))).toEqual([0, 0, 100, 100, 100, 50]);
    expect(shared(await readTrace(short, { sessions: "grow" }))).toEqual([0, 0, 114, 133, 100, 50]);
  });

  test("comes back, and other blocks are told as lost", async () => {
    const grown = await readTrace(trace(...growing));
    const { chunks, lost } = writeTrace(grown, { format: "blis-tracev2" });
    expect(lost).toEqual([]);
    expect(shared(await readTrace([...chunks].join("")))).toEqual([0, 0, 114, 133, 100]);
    const apart = await readTrace(trace(...growing), { sessions: "apart" });
    expect(writeTrace(apart, { format: "blis-tracev2" }).lost)
      .toEqual(["prompt blocks: what prompts share"]);
  });

  test("nothing without groups and sessions", async () => {
    const { workload } = await readTrace(trace("0,,0,,0,10,5,1000000,ok"));
    expect(workload.requests.promptBlocks).toBeUndefined();
  });
});

describe("prompts as they were served", () => {
  const header = "request_id,session_id,round_index,prefix_group,prefix_length,input_tokens," +
    "output_tokens,server_input_tokens,arrival_time_us,status,input_tokens_reset";
  const trace = (...rows: string[]) => [header, ...rows].join("\n");
  const accumulate = {
    header: new TextEncoder().encode(
      "trace_version: 2\ntime_unit: microseconds\nmode: real\nsession_context_growth: accumulate\n",
    ),
  };
  const prompts = async (
    text: string,
    options = {},
  ) => [...(await readTrace(text, options)).workload.requests.promptTokens];

  test("the server's count is the prompt's, and is written again as it is", async () => {
    const text = trace("0,,0,,0,100,10,126,0,ok,", "1,,0,,0,100,10,0,1000,ok,");
    const read = await readTrace(text);
    expect([...read.workload.requests.promptTokens]).toEqual([126, 100]);
    expect(read.report.assumptions).toContain(
      "prompts of 1 requests are as long as the server counted (server_input_tokens), 26 tokens more " +
        "on the average than the client did",
    );
    const shorter = {
      ...read,
      workload: {
        ...read.workload,
        requests: { ...read.workload.requests, promptTokens: Int32Array.of(50, 40) },
      },
    };
    const { chunks } = writeTrace(shorter, { format: "blis-tracev2" });
    expect(await prompts([...chunks].join(""))).toEqual([50, 40]);
  });

  test("beside a prefix_group the client's count stands, as in BLIS", async () => {
    const read = await readTrace(trace("0,,0,g,100,10,10,126,0,ok,"));
    expect([...read.workload.requests.promptTokens]).toEqual([110]);
    expect(read.report.assumptions.join()).toContain(
      "server_input_tokens of 1 requests with a prefix",
    );
  });

  const rounds = trace(
    "0,s,0,,0,500,100,0,0,ok,",
    "1,s,1,,0,40,100,0,1000000,ok,",
    "2,s,2,,0,0,100,0,2000000,ok,",
    "3,s,3,,0,40,100,0,3000000,ok,",
  );

  test("rounds that accumulate hold the rounds and answers before them", async () => {
    const read = await readTrace(rounds, { companions: accumulate });
    expect([...read.workload.requests.promptTokens]).toEqual([500, 640, 740, 880]);
    expect(read.report.assumptions.join()).toContain(
      "as session_context_growth of the YAML header",
    );
    const { requests, truth } = read.workload;
    // The last token of an answer has no KV.
    expect([...sharedPrefixTokens({
      content: promptContent(requests)!,
      promptTokens: requests.promptTokens,
      ...truth,
    }, 1)]).toEqual([0, 599, 739, 839]);
    const asked = rounds.replace(",0,0,100,0,2000000", ",0,7,100,0,2000000");
    expect(await prompts(asked, { sessions: "accumulate" })).toEqual([500, 640, 747, 887]);
    const apart = await readTrace(asked, { companions: accumulate, sessions: "apart" });
    expect([...apart.workload.requests.promptTokens]).toEqual([500, 40, 7, 40]);
    expect(apart.report.assumptions.join()).toContain("although session_context_growth");
  });

  test("a beginning, a failed round, a reset and a server's count go into the sum", async () => {
    const text = trace(
      "0,s,0,g,30,500,100,0,0,ok,",
      "1,s,1,,0,40,0,0,1000000,error,",
      "2,s,2,,0,60,10,0,2000000,ok,",
      "3,s,3,,0,0,10,0,3000000,ok,200",
      "4,s,4,,0,5,10,0,4000000,ok,",
      "5,t,0,,0,90,10,100,4000001,ok,",
      "6,t,1,,0,20,10,140,5000001,ok,",
      "7,t,2,,0,20,10,25,6000001,ok,",
    );
    const read = await readTrace(text, { companions: accumulate });
    // 30 + 500; + 100 + 40, no answer; + 60; anew with 200; + 10 + 5.
    expect([...read.workload.requests.promptTokens]).toEqual([530, 730, 200, 215, 100, 140, 175]);
    expect([...read.unserved!.requests.promptTokens]).toEqual([670]);
  });

  test("a missing round, and a growth that nobody knows, are refused", async () => {
    const gap = rounds.replace("1,s,1,", "1,s,5,");
    await expect(readTrace(gap, { source: "t.csv", companions: accumulate })).rejects.toThrow(
      "t.csv, field round_index: got 2, expected round 1 of session s",
    );
    const other = {
      header: new TextEncoder().encode(
        "trace_version: 2\ntime_unit: us\nmode: real\nsession_context_growth: Accumulate\n",
      ),
    };
    await expect(readTrace(rounds, { source: "t.csv", companions: other })).rejects.toThrow(
      'header of t.csv, field session_context_growth: got "Accumulate"',
    );
  });
});

test("every measured time is at or after the one before it", async () => {
  const late = ROWS[0].replace("1000200", "1600200");
  await expect(readTrace([HEADER, late].join("\n"), { source: "t.csv" })).rejects.toThrow(
    "t.csv, row 2, field first_chunk_time_us: got 1500000, expected at least send_time_us, 1.6002 s",
  );
  const early = ROWS[0].replace("1000200", "900200");
  await expect(readTrace([HEADER, early].join("\n"))).rejects.toThrow(
    "field send_time_us: got 900200",
  );
});

test("a failed request at time 0 does not move those of a clock of dates", async () => {
  const epoch = 1_764_000_000_000_000;
  const dated = [ROWS[0], ROWS[2]].map((row) =>
    row.replaceAll(/\b[123]\d{6}\b/g, (us) => String(epoch + Number(us)))
  );
  const failed = ROWS[1].replaceAll("1250000", "0").replace("timeout", "error");
  const { workload, unserved } = await readTrace([HEADER, failed, ...dated].join("\n"));
  expect([...workload.requests.arrival]).toEqual([0, 2]);
  expect(unserved).toBeUndefined();
});

test("an answer in one chunk was not streamed: its end is known, its first token is not", async () => {
  const whole = ROWS[2].replace("3100000,3900000,9", "3900000,3900000,1");
  const { measured, report } = await readTrace([HEADER, ROWS[0], whole].join("\n"));
  expect([...measured!.firstToken!]).toEqual([1.5, NaN]);
  expect([...measured!.finish!]).toEqual([2.5, 3.9]);
  expect(report.assumptions.join()).toContain("unknown of 1 answers that came in one piece");
});

test("a failed request without a time moves nobody, an answered one is refused", async () => {
  const failed = ROWS[1].replaceAll("1250000", "").replace("timeout", "error");
  const { workload, unserved } = await readTrace([HEADER, ROWS[0], failed, ROWS[2]].join("\n"));
  expect([...workload.requests.arrival]).toEqual([1, 3]);
  expect(unserved).toBeUndefined();
  const answered = ROWS[2].replace("3000000,3000000", ",3000000");
  await expect(readTrace([HEADER, answered].join("\n"), { source: "t.csv" })).rejects.toThrow(
    't.csv, row 2, field arrival_time_us: got "", expected when the request arrived',
  );
});

test("a prompt that no column holds is refused, its beginning counted", async () => {
  const long = ROWS[0].replace(",g,100,true,10,", ",g,2147483647,true,10,");
  await expect(readTrace([HEADER, long].join("\n"))).rejects.toThrow(
    "row 2, field input_tokens: got 10, expected at most 2147483647 with prefix_length",
  );
});
