import { describe, expect, test } from "vitest";
import { EVERY_FORMAT } from "../../../src/traces/formats.ts";
import { readTrace } from "../../../src/traces/read-trace.ts";
import type { ReadTrace } from "../../../src/workload/readers/trace-format.ts";
import { type Specimen, specimens } from "./support/specimens.ts";

/** One answered request of a file, as its fields by name. */
type Fields = Record<string, unknown>;
/** Puts one row's instants out of order; a field that is not there is not what it swaps. */
type Swap = (fields: Fields) => void;

/** Later than any instant of a specimen. */
const FAR = 1e5;
const later = (value: unknown, by = FAR) => {
  if (value === undefined || value === "" || Number.isNaN(Number(value))) {
    throw new Error(`nothing to move: ${value}`);
  }
  return Number(value) + by;
};
const moved = (field: string, by = FAR): Swap => (fields) => {
  fields[field] = later(fields[field], by);
};

/** The next day, where a file writes dates. */
function dated(field: string): Swap {
  return (fields) => {
    fields[field] = String(fields[field]).replace("2025-11-16", "2025-11-17");
  };
}

/** Where the requests of a JSON document are, and the fields of one of them. */
type At = (document: never) => Fields;

/** Of every format whose rows have instants: how those of one row come out of order. */
const SWAPS: Readonly<Record<string, readonly (readonly [what: string, swap: Swap, at?: At])[]>> = {
  "vtc-arena-measured": [
    [
      "first token after finish",
      moved("first_token_latency"),
      (document: { result: { responses: Fields[] } }) => document.result.responses[2],
    ],
  ],
  "blis-tracev2": [
    ["sent after first chunk", moved("send_time_us", 1e6 * FAR)],
    ["first chunk after last", moved("first_chunk_time_us", 1e6 * FAR)],
    ["arrival after it was sent", moved("arrival_time_us", 1e6 * FAR)],
  ],
  "l4-log": [
    ["sent after first token", moved("sent_s")],
    ["first token after finish", moved("first_token_s")],
    ["arrival after all", moved("scheduled_s")],
  ],
  "recorded-requests": [
    ["first token after finish", moved("first_token_s")],
    ["arrival after all", moved("arrival_s")],
  ],
  "recorded-chat": [
    ["first token after finish", moved("first_token_s")],
    ["arrival after all", moved("arrival_s")],
  ],
  "live-requests": [
    ["arrival after all", moved("arrival")],
    ["sent after first token", moved("sent")],
    ["first token after the last", moved("first_token")],
  ],
  guidellm: [
    [
      "first token after the end",
      (fields) => moved("first_token_iteration")(timingsOf(fields)),
      (document: { benchmarks: { requests: { successful: Fields[] } }[] }) =>
        document.benchmarks[0].requests.successful[2],
    ],
    [
      "sent after the first token",
      (fields) => moved("request_start")(timingsOf(fields)),
      (document: { benchmarks: { requests: { successful: Fields[] } }[] }) =>
        document.benchmarks[0].requests.successful[2],
    ],
  ],
  "driftsched-run": [
    [
      "start after finish",
      (fields) => {
        const start = fields.start as number[];
        fields.start = start.with(2, later(start[2]));
      },
      (document: { columns: Fields }) => document.columns,
    ],
  ],
  "driftsched-metrics": [
    ["arrival after all", moved("queue_enter_time")],
    ["handed over after it was done", moved("worker_start_time")],
  ],
  aiperf: [
    ["first token after the last", (fields) => {
      const metric = (fields.metrics as Record<string, Fields>).time_to_first_token;
      metric.value = later(metric.value);
    }],
  ],
  "genai-perf": [
    [
      "sent after its answer",
      (fields) => {
        fields.timestamp = Math.max(...fields.response_timestamps as number[]) + 5e9;
      },
      (document: { experiments: { requests: Fields[] }[] }) => document.experiments[0].requests[1],
    ],
  ],
  "inference-perf": [
    [
      "first token after the end",
      (fields) => {
        const info = fields.info as Fields;
        info.output_token_times = (info.output_token_times as number[]).map((at) => later(at));
      },
      (document: Fields[]) => document.find(({ error }) => !error)!,
    ],
    [
      "start after all",
      moved("start_time"),
      (document: Fields[]) => document.find(({ error }) => !error)!,
    ],
  ],
  "multi-round-qa": [
    ["first token after the last", moved("ttft")],
    ["launched after all", moved("launch_time")],
  ],
  litellm: [
    ["first token after the end", dated("completionStartTime")],
    ["start after all", dated("startTime")],
  ],
  "otel-genai": [["start after the end", dated("start_time")]],
};

function timingsOf(fields: Fields): Fields {
  return (fields.info as { timings: Fields }).timings;
}

/** Formats whose rows have durations alone, of which each that is below 0 is refused. */
const DURATIONS: Readonly<Record<string, readonly string[]>> = {
  burstgpt: ["Elapsed time"],
  mapped: ["took"],
  "envoy-ai-gateway": ["duration"],
  "nginx-json": ["request_time"],
  "vllm-bench": ["queue_times", "ttfts"],
};

/** A row of the specimen that was answered, swapped: the file's text. */
function swapped(specimen: Specimen, [, swap, at]: (typeof SWAPS)[string][number]) {
  const { text, counting } = specimen;
  if (at !== undefined) {
    const document = JSON.parse(text);
    swap(at(document as never));
    return JSON.stringify(document);
  }
  const lines = text.split("\n");
  if (counting === "lines") {
    const row = specimen.format === "aiperf"
      ? lines.findIndex((line) => /"profiling".*"time_to_first_token"/.test(line))
      : 0;
    const fields = JSON.parse(lines[row]);
    swap(fields);
    lines[row] = JSON.stringify(fields);
    return lines.join("\n");
  }
  const names = lines[0].split(",");
  const row = 2;
  const cells = lines[row].split(",");
  const fields = Object.fromEntries(names.map((name, at) => [name, cells[at]])) as Fields;
  swap(fields);
  lines[row] = names.map((name) => String(fields[name])).join(",");
  return lines.join("\n");
}

function hasInstants({ measured }: ReadTrace): boolean {
  return [measured?.sent, measured?.firstToken, measured?.finish].some((each) =>
    each !== undefined
  );
}

describe("a row whose measured instants are out of order is refused,", () => {
  test("and every format with measured times is tried", async () => {
    const measured = new Set<string>();
    for (const { format, text, companions, options } of await specimens()) {
      const trace = await readTrace(text, { format, companions, ...options });
      if (hasInstants(trace)) measured.add(format);
    }
    const tried = [...Object.keys(SWAPS), ...Object.keys(DURATIONS)];
    const known = EVERY_FORMAT.map(({ name }) => name).filter((name) => tried.includes(name));
    expect([...measured].toSorted()).toEqual(known.toSorted());
  });

  test.each(
    Object.entries(SWAPS).flatMap(([format, swaps]) =>
      swaps.map((swap) => ({ format, what: swap[0], swap }))
    ),
  )("$format: $what", async ({ format, swap }) => {
    const specimen = (await specimens()).find((each) => each.format === format)!;
    const { companions, options } = specimen;
    const read = (text: string) =>
      readTrace(text, { source: "given", format, companions, ...options });
    await expect(read(specimen.text)).resolves.toBeDefined();
    await expect(read(swapped(specimen, swap))).rejects.toThrow(
      /^given, (?:row \d+, )?field \S.*: got .*, expected (?:.* )?at (?:least|most) /,
    );
  });

  test.each(
    Object.entries(DURATIONS).flatMap(([format, fields]) =>
      fields.map((field) => ({ format, field }))
    ),
  )("$format: $field below 0", async ({ format, field }) => {
    const all = (await specimens()).filter((each) => each.format === format);
    const specimen = all.find(({ text }) => text.includes(field)) ?? all[0];
    const { companions, options } = specimen;
    const negative: Swap = (fields) => {
      const column = fields[field] ?? (fields.input_lens as number[]).map(() => 0);
      fields[field] = Array.isArray(column)
        ? column.with(2, -1)
        : typeof column === "string"
        ? "-1"
        : -1;
    };
    const at: At | undefined = format === "vllm-bench" ? (document: Fields) => document : undefined;
    const text = swapped(specimen, ["", negative, at]);
    await expect(readTrace(text, { source: "given", format, companions, ...options })).rejects
      .toThrow(/^given, (?:row \d+, )?field \S.*: got "?-1"?, expected /);
  });
});
