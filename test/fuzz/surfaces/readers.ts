import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describeTrace } from "../../../src/analysis/describe-trace.ts";
import { InputError } from "../../../src/errors/input-error.ts";
import { parseJson } from "../../../src/errors/parse-json.ts";
import { parseWith } from "../../../src/errors/parse-with.ts";
import { readServerLog } from "../../../src/fidelity/fit/server-log.ts";
import { readSnapshot } from "../../../src/live/telemetry/server-snapshot.ts";
import { type Random, uniformInt } from "../../../src/random/substream.ts";
import { writeAny } from "../../../src/runs/formats/write-any.ts";
import { readRunJson } from "../../../src/runs/read-run-json.ts";
import { ServerFile } from "../../../src/servers/costs/server-file.ts";
import { serverOf } from "../../../src/servers/server.ts";
import { EVERY_RECORD } from "../../../src/traces/records.ts";
import { readTrace } from "../../../src/traces/read-trace.ts";
import type { ReadTrace } from "../../../src/workload/readers/trace-format.ts";
import { type Counting, specimens } from "../../runs/formats/support/specimens.ts";
import { mutated, pick } from "../mutate.ts";
import type { Input, Prober, Surface } from "../surface.ts";
import { wrongTrace } from "./requests-laws.ts";

const ROOT = new URL("../../../", import.meta.url);
const SOURCE = "hostile input";

/** Files that readers are made for, besides the specimens of traces: where they lie and what they are. */
const FILES: readonly (readonly [kind: string, path: string])[] = [
  ["run", "test/fixtures/runs/version-1.run.json"],
  ["metrics", "test/fixtures/vllm-0.30-cpu/metrics/s3.txt"],
  ["server-log", "data/vllm_cpu_live/fifo.window16.iterations.log.gz"],
  ["server", "data/servers/vllm-cpu-0.05b.json"],
  ["any", "test/fixtures/benchmark-tools/vllm-0.30-detailed.json"],
  ["any", "test/fixtures/packed/two-members.gz"],
  ["any", "test/fixtures/packed/two-frames.zst"],
  ["any", "test/fixtures/traces/llmperf-individual-responses.json"],
  ["map:guess", "test/fixtures/own-logs/litellm-spend-logs.csv"],
  ["map:guess", "test/fixtures/own-logs/spans.jsonl"],
  ["map:guess", "test/fixtures/own-logs/nginx-access.jsonl"],
];
const MAP = "arrival=ts_ms:ms,prompt=prompt_tok,output=completion_tok,ttft=ttft_ms:ms," +
  "e2e=latency_ms:ms,tier=plan,category=kind";

/** Bytes of a file that are used: whole rows of a larger one are enough. */
const MOST = 6000;

/** A file as it is where it is small, else its first lines. */
async function beginning(path: string): Promise<Uint8Array> {
  const packed = await Deno.readFile(new URL(path, ROOT));
  const isLog = path.endsWith(".log.gz");
  const bytes = isLog ? new Uint8Array(gunzipSync(packed)) : packed;
  if (bytes.length <= MOST || path.endsWith(".json")) return bytes;
  return bytes.slice(0, bytes.lastIndexOf(0x0a, MOST) + 1);
}

const MOST_COMPARED = 20_000;

interface TraceKind {
  /** How its rows are counted without our readers; absent: they are not. */
  readonly counting?: Counting;
  readonly format?: string;
  readonly companions?: Readonly<Record<string, Uint8Array>>;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What a reader has done with an input. */
type Read<T> = { readonly value: T } | { readonly refused: InputError };

async function reading<T>(read: () => T | Promise<T>): Promise<Read<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { refused: error };
  }
}

/** What is wrong with a refusal, in words; null: it names a file and says what was expected. */
function wrongRefusal({ problems, message }: InputError): string | null {
  if (problems.length === 0) return "a refusal without a problem";
  if (problems.length > 20) return `a refusal with ${problems.length} problems`;
  if (message.length > 20_000) return `a refusal of ${message.length} characters`;
  const lacking = problems.find(({ file, expected }) => file === "" || expected === "");
  return lacking === undefined ? null : "a refusal that names no file, or not what was expected";
}

/** A trace whose texts are values: two functions are never equal. */
function comparable(trace: ReadTrace): string {
  const { promptText, ...requests } = trace.workload.requests;
  const texts = promptText && Array.from({ length: requests.size }, (_, row) => promptText(row));
  return JSON.stringify(
    { ...trace, report: null, workload: { ...trace.workload, requests, texts } },
    (_, value) => ArrayBuffer.isView(value) ? Array.from(value as Float64Array, String) : value,
  );
}

async function checkTrace(bytes: Uint8Array, kind: TraceKind): Promise<string | null> {
  const { options = {}, counting, ...how } = kind;
  const read = (lenient: boolean) =>
    reading(() => readTrace(bytes, { source: SOURCE, lenient, ...how, ...options }));
  const [lenient, strict] = [await read(true), await read(false)];
  for (const each of [lenient, strict]) {
    const wrong = "value" in each ? wrongTrace(each.value) : wrongRefusal(each.refused);
    if (wrong !== null) return wrong;
  }
  if ("refused" in lenient) {
    return "value" in strict ? "a strict reader takes what a lenient one refuses" : null;
  }
  // A sampled trace may have millions of requests: those are only looked at.
  if (lenient.value.workload.requests.size > MOST_COMPARED) return null;
  if ("value" in strict && comparable(strict.value) !== comparable(lenient.value)) {
    return "a strict reader reads what a lenient one does not";
  }
  const { report } = lenient.value;
  const given = rowsGiven(bytes, counting);
  if (given !== null && report.rowsRead + report.blankLines !== given) {
    return `${report.rowsRead} rows and ${report.blankLines} blank lines of ${given} lines`;
  }
  describeTrace(lenient.value);
  return await checkRoundTrip(lenient.value);
}

/** Lines of a file below its header, counted without our readers; null: nobody counts them. */
function rowsGiven(bytes: Uint8Array, counting: Counting | undefined): number | null {
  if (typeof counting !== "string" || isPacked(bytes)) return null;
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff+/, "").replace(/\r\n?/g, "\n");
  // A map reads tables and JSON alike: what has become the other one is counted otherwise.
  if (/^\s*[[{]/.test(text) !== (counting === "lines")) return null;
  const lines = text.replace(/\n$/, "").split("\n").length;
  return counting === "csv" ? lines - 1 : lines;
}

/** Whether the first bytes are those of gzip or zstd. */
function isPacked([a, b]: Uint8Array): boolean {
  return a === 0x1f && b === 0x8b || a === 0x28 && b === 0xb5;
}

/** What was read can be written in our own format, and reads back as the same. */
async function checkRoundTrip(trace: ReadTrace): Promise<string | null> {
  const written = await reading(() => {
    const { chunks } = writeAny(trace, { format: "driftsched-workload" });
    return [...chunks].join("");
  });
  if ("refused" in written) return wrongRefusal(written.refused);
  const again = await readTrace(written.value, { source: "written" });
  const { requests, truth } = trace.workload, other = again.workload;
  const same = JSON.stringify([Array.from(requests.arrival), Array.from(requests.promptTokens)]) ===
      JSON.stringify([
        Array.from(other.requests.arrival),
        Array.from(other.requests.promptTokens),
      ]) && Array.from(truth.outputTokens).join() === Array.from(other.truth.outputTokens).join();
  return same ? null : "what is written does not read back as it was";
}

async function checkOther(kind: string, bytes: Uint8Array): Promise<string | null> {
  const text = new TextDecoder().decode(bytes);
  const read = await reading<unknown>(async () => {
    if (kind === "run") return readRunJson(text, SOURCE);
    if (kind === "metrics") return readSnapshot(text, { source: SOURCE });
    if (kind === "server") return serverOf(parseWith(ServerFile, parseJson(text, SOURCE), SOURCE));
    if (kind === "server-log") return await readServerLog(inPieces(bytes), SOURCE);
    const name = kind.replace(/^record:/, "");
    return EVERY_RECORD.find((each) => each.name === name)!.describe(text, SOURCE);
  });
  return "refused" in read ? wrongRefusal(read.refused) : null;
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

/** Readers of files: traces of every format, maps, runs, records, logs and pages of servers. */
export const readers: Surface = {
  name: "readers",
  promise: "any file is read as what its format allows, or refused with the file's name and what " +
    "was expected; a lenient reader counts each row that it leaves out",
  shrinks: true,
  async open(): Promise<Prober> {
    const encoder = new TextEncoder();
    const all = await specimens();
    const kinds = new Map<string, TraceKind>([["any", {}]]);
    /** Further files of a trace, beside one that is as it should be. */
    const beside = new Map<string, (companion: Uint8Array) => Promise<string | null>>();
    const seeds: Input[] = [];
    for (const [i, { format, text, companions, options, counting }] of all.entries()) {
      const kind = `trace:${format}:${i}`;
      // Rates of a whole service would be sampled for minutes.
      const few = format === "servegen" ? { ...options, rate: 0.5 } : options;
      kinds.set(kind, { format, companions, options: few, counting });
      seeds.push({ kind, bytes: encoder.encode(text) });
      for (const [role, bytes] of Object.entries(companions ?? {})) {
        const main = encoder.encode(text);
        beside.set(`companion:${format}:${role}`, (companion) =>
          checkTrace(main, {
            format,
            companions: { ...companions, [role]: companion },
            options: few,
          }));
        seeds.push({ kind: `companion:${format}:${role}`, bytes });
      }
    }
    for (const [kind, path] of FILES) seeds.push({ kind, bytes: await beginning(path) });
    seeds.push({ kind: `map:${MAP}`, bytes: await beginning("data/examples/gateway_log.csv") });
    for (const { name } of EVERY_RECORD) {
      seeds.push({ kind: `record:${name}`, bytes: seeds[uniformInt(FIXED, seeds.length)].bytes });
    }
    return {
      seeds,
      draw: (random) => drawn(random, seeds),
      async check({ kind, bytes }) {
        if (kind.startsWith("map:")) {
          return await checkTrace(bytes, { options: { map: kind.slice(4) } });
        }
        const companion = beside.get(kind);
        if (companion !== undefined) return await companion(bytes);
        const how = kinds.get(kind) ?? kinds.get(latest(kinds, kind));
        return how === undefined ? await checkOther(kind, bytes) : await checkTrace(bytes, how);
      },
      close: () => Promise.resolve(),
    };
  },
};

/** Not drawn: which bytes a record's reader is shown as seeds does not matter. */
const FIXED: Random = { next: () => 0.42 };

/** A kind of the corpus whose specimen has another number by now. */
function latest(kinds: ReadonlyMap<string, TraceKind>, kind: string): string {
  const start = kind.replace(/\d+$/, "");
  return kinds.keys().find((each) => start.startsWith("trace:") && each.startsWith(start)) ?? "";
}

function drawn(random: Random, seeds: readonly Input[]): Input {
  const { kind, bytes } = pick(random, seeds);
  const other = pick(random, seeds);
  // A file may be given to the reader of another format, or to none by name.
  const shown = random.next() < 0.05
    ? pick(random, seeds).kind
    : random.next() < 0.1
    ? "any"
    : kind;
  const changed = mutated(bytes, random, other.bytes);
  const named = shown.startsWith("map:") && random.next() < 0.3
    ? `map:${new TextDecoder().decode(mutated(new TextEncoder().encode(shown.slice(4)), random))}`
    : shown;
  if (random.next() < 0.9) return { kind: named.slice(0, 150), bytes: changed };
  const packed = new Uint8Array(
    random.next() < 0.5 ? gzipSync(changed) : zstdCompressSync(changed),
  );
  return {
    kind: named.slice(0, 150),
    bytes: random.next() < 0.3 ? packed : mutated(packed, random),
  };
}
