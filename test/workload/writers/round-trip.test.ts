import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { readBundled } from "../../../src/files/read-bundled.ts";
import { openTrace } from "../../../src/files/open-trace.ts";
import { readTrace } from "../../../src/workload/readers/read-trace.ts";
import type { Labels } from "../../../src/workload/workload.ts";
import { writeWorkload } from "../../../src/workload/writers/driftsched-workload.ts";
import { WRITERS, writeTrace } from "../../../src/workload/writers/registry.ts";
import { onOneClock } from "../../../src/workload/writers/losses.ts";
import type { TraceToWrite } from "../../../src/workload/writers/trace-writer.ts";
import { arbitraryTrace } from "./support/arbitrary-trace.ts";

const data = new URL("../../../data/", import.meta.url);

/** Formats that all of a file tells from each other, or nothing does. */
const TO_BE_NAMED = ["mooncake", "vllm-timed-trace"];

/** The file as text, and the trace that is read of it, without telling the format where that works. */
async function roundTrip(trace: TraceToWrite, format: string) {
  const { chunks, companions = {}, lost } = writeTrace(trace, { format });
  const text = [...chunks].join("");
  const bytes = Object.entries(companions)
    .map(([role, text]) => [role, new TextEncoder().encode(text)]);
  const again = await readTrace(text, {
    companions: Object.fromEntries(bytes),
    ...TO_BE_NAMED.includes(format) && { format },
    ...format === "mooncake" && { spread: "none" },
    ...format === "vllm-timed-trace" && {
      blockTokens: trace.workload.requests.promptBlocks?.tokensPerBlock ?? 16,
    },
  });
  expect(again.report.format).toBe(format);
  return { text, again, lost };
}

/** Columns by what they say: labels as names, no provenance, no report. */
function spelledOut(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return [...value as Float64Array];
  if (Array.isArray(value)) return value.map(spelledOut);
  if (typeof value !== "object" || value === null) return value;
  if ("codes" in value) {
    const { codes, names } = value as Labels;
    return Array.from(codes, (code) => names[code]);
  }
  return Object.fromEntries(
    Object.entries(value).filter(([key]) =>
      !["provenance", "report", "name", "maxTokens"].includes(key)
    )
      .map(([key, part]) => [key, spelledOut(part)]),
  );
}

const names = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);

/** Ticks a second in which a format has arrivals; Infinity: as they are. */
const TICKS: Readonly<Record<string, number>> = {
  "burstgpt": 1,
  "mooncake": 1000,
  "blis-tracev2": 1e6,
  "vidur": Infinity,
  "vllm-timed-trace": Infinity,
};

test.each(WRITERS.map(({ name }) => name).filter((name) => name !== "driftsched-workload"))(
  "what %s can hold of any trace comes back, and once more the same bytes",
  async (format) => {
    await fc.assert(
      fc.asyncProperty(arbitraryTrace, async (trace) => {
        const { text, again } = await roundTrip(trace, format);
        const { requests, truth } = trace.workload;
        const read = again.workload;
        expect([...read.truth.outputTokens]).toEqual([...truth.outputTokens]);
        expect([...read.requests.promptTokens]).toEqual([...requests.promptTokens]);
        const times = onOneClock(requests);
        const ticks = TICKS[format];
        const origin = format === "burstgpt" ? Math.round(times[0]) : 0;
        const expected = ticks === Infinity
          ? [...times]
          : Array.from(times, (time) => Math.round(time * ticks) / ticks - origin);
        expect([...read.requests.arrival]).toEqual(expected);
        if (format === "blis-tracev2") {
          const { session, model, extra } = read.requests;
          expect(names(read.requests.tenant)).toEqual(names(requests.tenant));
          expect(names(read.requests.tier)).toEqual(names(requests.tier));
          const used = new Set(names(requests.tier));
          const order = requests.tier.names.filter((name) => used.has(name));
          if (!trace.unserved && order.some((name) => name !== "default")) {
            expect(read.requests.tier.names).toEqual(order);
          }
          expect(saidNames(session)).toEqual(saidNames(requests.session));
          expect(saidNames(model)).toEqual(saidNames(requests.model));
          expect(extra?.further).toBeUndefined();
        }
        if (format === "burstgpt") {
          expect(saidNames(read.requests.session)).toEqual(saidNames(requests.session));
        }
        // One that came so long before the first answered request has no usable time.
        const early = Math.max(3600, expected.at(-1)!);
        const placed = format === "burstgpt"
          ? (at: number) => Math.round(at) - origin >= -early
          : () => format === "blis-tracev2";
        expect(again.unserved?.requests.size ?? 0)
          .toBe(trace.unserved?.requests.arrival.filter(placed).length ?? 0);
        const second = await roundTrip(again, format);
        // A reader of BurstGPT counts from the first request.
        const settled = format === "burstgpt" ? (await roundTrip(second.again, format)).text : text;
        expect(second.text).toBe(settled);
        expect(spelledOut(second.again)).toEqual(spelledOut(again));
      }),
      { numRuns: 60 },
    );
  },
);

/** Rows with names; a column that names nothing says as much as none. */
function saidNames(labels: Labels | undefined): [number, string][] {
  return labels ? [...names(labels).entries()].filter(([, name]) => name !== "") : [];
}

test("our own file gives every workload back to the bit, its name and provenance too", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryTrace, async (trace) => {
      const { text, again } = await roundTrip(trace, "driftsched-workload");
      expect(again.workload).toEqual(trace.workload);
      expect((await roundTrip(again, "driftsched-workload")).text).toBe(text);
    }),
    { numRuns: 100 },
  );
});

describe("real files", () => {
  let burst1: TraceToWrite;
  let burst3: TraceToWrite;
  let arena: TraceToWrite;
  let l4: TraceToWrite;
  beforeAll(async () => {
    burst1 = await openTrace(new URL("burstgpt/BurstGPT_1_first999.csv", data));
    burst3 = await openTrace(new URL("burstgpt/BurstGPT_3_first400.csv", data));
    arena = await openTrace(new URL("vtc_arena/vtc_real_trace_27clients.csv", data));
    const log = "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
    l4 = await openTrace(new URL(log, data));
  });

  test("lines of Mooncake's trace are written as they were, byte for byte", async () => {
    const bytes = await readBundled("mooncake/conversation_trace.jsonl.gz");
    const lines = `${new TextDecoder().decode(bytes).split("\n").slice(0, 200).join("\n")}\n`;
    const { text, lost } = await roundTrip(await readTrace(lines, { spread: "none" }), "mooncake");
    expect(text).toBe(lines);
    // The whole trace's batches show in its lines.
    expect(lost).toEqual([expect.stringMatching(/^times look like logged in batches: /)]);
  });

  test.each([["BurstGPT_1_first999.csv", () => burst1], ["BurstGPT_3_first400.csv", () => burst3]])(
    "%s keeps every cell, failed rows too; the clock starts at its first row",
    async (file, trace) => {
      const rows = (text: string) =>
        text.trimEnd().split("\n").map((line, row) =>
          line.split(",").map((cell) => row > 0 && /^\d+(\.0)?$/.test(cell) ? Number(cell) : cell)
        );
      const before = rows(await Deno.readTextFile(new URL(`burstgpt/${file}`, data)));
      const first = before[1][0] as number;
      const { text, lost } = await roundTrip(trace(), "burstgpt");
      const after = rows(text);
      const shifted = before.map((row, i) => i === 0 ? row : row.with(0, row[0] as number - first));
      // Rows of one second may change places: those without an answer come after those with one.
      const key = (row: (string | number)[]) => JSON.stringify(row);
      expect(after.map(key).toSorted()).toEqual(shifted.map(key).toSorted());
      expect(lost).toEqual([]);
    },
  );

  test.each(WRITERS.map(({ name }) => name))(
    "every real trace as %s reads back the same a second time",
    async (format) => {
      for (const trace of [burst1, burst3, arena, l4]) {
        const { text, again } = await roundTrip(trace, format);
        expect(again.workload.requests.size).toBe(trace.workload.requests.size);
        expect([...again.workload.truth.outputTokens])
          .toEqual([...trace.workload.truth.outputTokens]);
        const second = await roundTrip(again, format);
        expect(second.text).toBe(text);
        expect(spelledOut(second.again)).toEqual(spelledOut(again));
      }
    },
  );

  test("BLIS keeps the clients of the arena and the times that an L4 was measured with", async () => {
    const { again } = await roundTrip(arena, "blis-tracev2");
    expect(names(again.workload.requests.tenant)).toEqual(names(arena.workload.requests.tenant));
    const { again: measured } = await roundTrip(l4, "blis-tracev2");
    for (const name of ["sent", "firstToken", "finish"] as const) {
      l4.measured![name]!.forEach((time, i) =>
        expect(measured.measured![name]![i]).toBeCloseTo(time, 5)
      );
    }
  });

  test("what a format cannot hold is told", () => {
    const { lost } = writeTrace(arena, { format: "mooncake" });
    expect(lost).toEqual([
      expect.stringMatching(/^tenant: 27 \(dummy-lora-7b-rank-8-13, .*, …\)$/),
      "hash_ids: made up, shared by no two requests, as the workload has no prompt blocks",
      "times finer than a millisecond: rounded to it",
    ]);
    expect(writeTrace(burst3, { format: "vidur" }).lost).toEqual([
      "category: 2 (Conversation log, API log)",
      expect.stringMatching(/^session: \d+ \(/),
      "model: 2 (GPT-4, ChatGPT)",
      "measured times: of the answers there are lengths alone",
      "requests without an answer: 1",
    ]);
    expect(writeTrace(arena, { format: "driftsched-workload" }).lost).toEqual([]);
  });
});

test("names that no reader takes back are refused before anything is written", () => {
  const [trace] = fc.sample(arbitraryTrace, { numRuns: 1, seed: 1 });
  const { workload } = trace;
  const tenant = { codes: new Uint8Array(workload.requests.size), names: ["a\nb"] };
  const bad = { workload: { ...workload, requests: { ...workload.requests, tenant } } };
  expect(() => writeTrace(bad, { format: "blis-tracev2" })).toThrow(
    'workload to write, field tenant: got "a\\nb", expected a name of 1 to 256 printable characters',
  );
  expect(() => writeTrace(trace, { format: "csv" })).toThrow('field format: got "csv"');
  expect(() => writeTrace(trace, { format: "vidur", blockTokens: 16 })).toThrow("no option");
});

/** Two requests that share a system prompt of 700 tokens; the second holds the answer to the first. */
function conversation(): TraceToWrite {
  const codes = new Uint8Array(2);
  const same = { codes, names: ["default"] };
  return {
    workload: {
      name: "conversation",
      requests: {
        size: 2,
        arrival: Float64Array.of(0, 9),
        phases: [{ name: "all", first: 0, afterDrainSeconds: 0 }],
        tenant: same,
        tier: same,
        category: same,
        maxTokens: Int32Array.of(300, 300),
        promptTokens: Int32Array.of(1000, 1700),
        promptBlocks: {
          offsets: Int32Array.of(0, 2, 5),
          values: Int32Array.of(0, 1, 0, 1, 2),
          tokens: Int32Array.of(700, 300, 700, 300, 300),
          answers: Int32Array.of(2, -1),
        },
      },
      truth: { outputTokens: Int32Array.of(300, 20) },
      provenance: { source: "test" },
    },
  };
}

test("blocks of lengths of their own are cut anew, and whole shared blocks stay shared", async () => {
  const { again, lost } = await roundTrip(conversation(), "mooncake");
  const { offsets, values } = again.workload.requests.promptBlocks!;
  expect([...offsets]).toEqual([0, 2, 6]);
  // 512 tokens of the system prompt are whole; the next block of the second prompt goes on for longer.
  expect(values[2]).toBe(values[0]);
  expect(new Set(values).size).toBe(5);
  expect(lost).toEqual([
    "that later prompts hold earlier answers",
    "prompt blocks: of different lengths, cut anew into blocks of 512; what prompts share beyond a " +
    "whole block is lost",
  ]);
});

test("our own file refuses blocks that no prompt has, by row, and reads one without their lengths", async () => {
  const text = writeWorkload(conversation().workload);
  const read = (from: string, to: string) => {
    expect(text).toContain(from);
    return readTrace(text.replace(from, to), { source: "w.json" });
  };
  await expect(read('"tokens":[700,300,700,300,300]', '"tokens":[700,300,700,300,701]')).rejects
    .toThrow(
      "w.json, row 2, field requests.promptBlocks.tokens: got 1701, expected blocks of together at " +
        "most 1700, the tokens of the prompt",
    );
  await expect(read('"tokens":[700,', '"tokens":[-1,')).rejects
    .toThrow(
      "w.json, row 1, field requests.promptBlocks.tokens: got -1, expected an integer from 0",
    );
  await expect(read('"answers":[2,-1]', '"answers":[2,-2]')).rejects
    .toThrow("w.json, row 2, field requests.promptBlocks.answers: got -2");
  await expect(read('"answers":[2,-1]', '"answers":[2]')).rejects
    .toThrow("field requests.promptBlocks.answers: got");
  await expect(read('"offsets":', '"tokensPerBlock":16,"offsets":')).rejects
    .toThrow("field requests.promptBlocks.tokens: got");
  const old = await read(',"tokens":[700,300,700,300,300],"answers":[2,-1]', "");
  expect(Object.keys(old.workload.requests.promptBlocks!)).toEqual(["offsets", "values"]);
});

test("blocks that divide 512 are joined, and prompts that shared a beginning still do", async () => {
  const line = (input: number, ids: number[]) =>
    JSON.stringify({
      chat_id: input,
      parent_chat_id: -1,
      timestamp: input,
      input_length: input,
      output_length: 1,
      type: "text",
      turn: 1,
      hash_ids: ids,
    });
  const shared = Array.from({ length: 32 }, (_, k) => k);
  const qwen = await readTrace(
    [line(520, [...shared, 90]), line(530, [...shared, 91, 92]), line(531, [8, ...shared, 91])]
      .join("\n"),
  );
  const { again } = await roundTrip(qwen, "mooncake");
  const { offsets, values } = again.workload.requests.promptBlocks!;
  expect([...offsets]).toEqual([0, 2, 4, 6]);
  expect(values[0]).toBe(values[2]);
  expect(new Set(values).size).toBe(5);
});
