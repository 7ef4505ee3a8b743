import fc from "fast-check";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { describeTrace } from "../../../src/analysis/describe-trace.ts";
import { InputError } from "../../../src/errors/input-error.ts";
import { simulate } from "../../../src/paper/simulate.ts";
import { writeQueueDepthCsv } from "../../../src/runs/queue-depth-csv.ts";
import { benchSummaryRecord } from "../../../src/runs/records/bench-summary.ts";
import { queueDepthRecord } from "../../../src/runs/records/queue-depth.ts";
import { paperWorkload } from "../../../src/paper/workload.ts";
import { readTrace } from "../../../src/traces/read-trace.ts";
import { EVERY_FORMAT } from "../../../src/traces/formats.ts";
import type { ReadTrace } from "../../../src/workload/readers/trace-format.ts";
import type { Labels, Requests } from "../../../src/workload/workload.ts";
import { jsonMutations, mutations } from "../../workload/readers/support/mutations.ts";
import { type Specimen, specimens } from "./support/specimens.ts";

/** Mutations of text, flips of bytes and cuts of packed files of each specimen: 10,000 in all. */
const TEXTS = 420;
const FLIPS = 40;
const CUTS = 20;
const SUMMARY = JSON.stringify({
  model_id: "m",
  request_rate: 2,
  duration: 4.5,
  completed: 9,
  total_input_tokens: 900,
  total_output_tokens: 450,
  request_throughput: 2,
  mean_ttft_ms: 61.2,
  p99_ttft_ms: 210,
});
/** The same mutations on every machine and run. */
const SEED = 20_261_125;

/** Seconds of CPU, and many more where the machine is shared. */
const LONG = { timeout: 600_000 };

let all: Specimen[];
beforeAll(async () => {
  all = await specimens();
});

/** The trace, or undefined after an InputError that names a file; any other error fails. */
async function tryRead(
  bytes: Uint8Array,
  specimen: Specimen,
  lenient: boolean,
): Promise<ReadTrace | undefined> {
  const { format, companions, options } = specimen;
  try {
    return await readTrace(bytes, { source: "mutant", format, companions, lenient, ...options });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    expect(error.problems.length).toBeLessThanOrEqual(20);
    for (const problem of error.problems) {
      expect(problem.file).toContain("mutant");
      expect(problem.expected).not.toBe("");
    }
    expect(error.message.length).toBeLessThan(20_000);
    return undefined;
  }
}

/** Rows and blank lines of a file, counted without our readers. */
function rowsOf(text: string, { counting, appended }: Specimen): number {
  const plain = text.replace(/^\ufeff+/, "").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const lines = plain.split("\n");
  if (counting === "csv") return lines.length - 1;
  if (typeof counting === "string") return lines.length;
  const full = lines.filter((line) => line.trim() !== "");
  // A byte order mark on a line of its own is a blank line, but no JSON.
  const documents = appended && full.length > 1
    ? documentsOf(plain, full)
    : [parsed(full.length === 1 ? full[0] : plain)];
  return documents.reduce((sum: number, document) => sum + counting(document), 0);
}

/** JSON with the numbers that Python writes; our mutations put none into strings. */
function parsed(text: string): unknown {
  return JSON.parse(text.replace(/-?\bInfinity\b|\bNaN\b/g, "null"));
}

function documentsOf(text: string, lines: readonly string[]): unknown[] {
  try {
    return [parsed(text)];
  } catch {
    return lines.map(parsed);
  }
}

/** First row that fails; undefined where none does. One `expect` a row would take most of the time. */
function firstBad(rows: number, isGood: (row: number) => boolean): number | undefined {
  for (let row = 0; row < rows; row++) if (!isGood(row)) return row;
  return undefined;
}

function expectLabels({ codes, names }: Labels, size: number): void {
  expect(codes.length).toBe(size);
  expect(firstBad(size, (row) => typeof names[codes[row]] === "string")).toBeUndefined();
}

function expectRequests(requests: Requests, leastPrompt: number): void {
  const { size, arrival, phases, promptBlocks, promptTokens, extra = {} } = requests;
  const starts = new Set(phases.map(({ first }) => first));
  const before = (row: number) => starts.has(row) ? 0 : arrival[row - 1];
  const inOrder = (row: number) => arrival[row] >= before(row) && arrival[row] < Infinity;
  expect(firstBad(size, inOrder), "times in order").toBeUndefined();
  expect(firstBad(size, (row) => promptTokens[row] >= leastPrompt), "prompts").toBeUndefined();
  for (const labels of [requests.tenant, requests.tier, requests.category]) {
    expectLabels(labels, size);
  }
  if (requests.session) expectLabels(requests.session, size);
  if (requests.model) expectLabels(requests.model, size);
  for (const column of Object.values(extra)) {
    if ("codes" in column) expectLabels(column, size);
    else expect(column.length).toBe(size);
  }
  if (!promptBlocks) return;
  const { offsets, values } = promptBlocks;
  expect([offsets.length, offsets[0], offsets[size]]).toEqual([size + 1, 0, values.length]);
  expect(firstBad(size, (row) => offsets[row + 1] >= offsets[row])).toBeUndefined();
}

/** Every row is kept, refused or set aside, and what is kept can be served. */
function expectSound(trace: ReadTrace, text: string, specimen: Specimen): void {
  const { workload: { requests, truth }, measured = {}, unserved, report } = trace;
  const aside = report.setAside.reduce((sum, { rows }) => sum + rows, 0);
  expect(report.rowsRead).toBe(report.rowsKept + report.rowsRefused + aside);
  expect(report.rowsRead + (typeof specimen.counting === "string" ? report.blankLines : 0))
    .toBe(rowsOf(text, specimen));
  expect(report.problemCount).toBeGreaterThanOrEqual(report.rowsRefused);
  if (!specimen.sampled) expect(requests.size).toBe(report.rowsKept);
  expectRequests(requests, 1);
  expect(truth.outputTokens.length).toBe(requests.size);
  const fits = (row: number) =>
    truth.outputTokens[row] >= 1 && truth.outputTokens[row] <= requests.maxTokens[row];
  expect(firstBad(requests.size, fits), "answers").toBeUndefined();
  for (const times of [measured.sent, measured.firstToken, measured.finish]) {
    expect(times?.length ?? requests.size).toBe(requests.size);
  }
  if (unserved) {
    expectRequests(unserved.requests, 0);
    expectLabels(unserved.status, unserved.requests.size);
  }
}

/** A trace whose texts are values: two functions are never equal. */
function comparable(trace: ReadTrace) {
  const { promptText, ...requests } = trace.workload.requests;
  const texts = promptText && Array.from({ length: requests.size }, (_, row) => promptText(row));
  return { ...trace, workload: { ...trace.workload, requests, texts } };
}

async function judge(bytes: Uint8Array, specimen: Specimen): Promise<boolean> {
  try {
    return await judged(bytes, specimen);
  } catch (error) {
    const text = new TextDecoder().decode(bytes.subarray(0, 3000));
    throw new Error(`${specimen.format}: ${JSON.stringify(text)}`, { cause: error });
  }
}

async function judged(bytes: Uint8Array, specimen: Specimen): Promise<boolean> {
  const lenient = await tryRead(bytes, specimen, true);
  const strict = await tryRead(bytes, specimen, false);
  if (lenient === undefined) {
    expect(strict).toBeUndefined();
    return false;
  }
  expectSound(lenient, new TextDecoder().decode(bytes), specimen);
  describeTrace(lenient);
  if (strict !== undefined) expect(comparable(strict)).toEqual(comparable(lenient));
  else if (!lenient.report.assumptions.some((each) => each.includes("out of order"))) {
    // The arena's times are in order, or a strict reader refuses them.
    expect(lenient.report.rowsRefused).toBeGreaterThan(0);
  }
  return true;
}

test("every format in the registry has a specimen, whole and recognised", async () => {
  expect(new Set(all.map(({ format }) => format)))
    .toEqual(new Set(EVERY_FORMAT.map(({ name }) => name)));
  for (const specimen of all) {
    const { text, format, companions, options } = specimen;
    const trace = await readTrace(text, { companions, ...options });
    expect(trace.report.format).toBe(format);
    expectSound(trace, text, specimen);
    expect(trace.report.rowsRefused).toBe(0);
  }
  expect(all.length * (TEXTS + FLIPS + CUTS)).toBeGreaterThanOrEqual(10_000);
});

test("a mutated file gives a clear error or a report in which no row is lost", LONG, async () => {
  for (const specimen of all) {
    const { text, counting } = specimen;
    const isCsv = counting === "csv" || counting === "csv without header";
    let read = 0;
    await fc.assert(
      fc.asyncProperty(isCsv ? mutations : jsonMutations, async (mutate) => {
        if (await judge(new TextEncoder().encode(mutate(text)), specimen)) read++;
      }),
      { numRuns: TEXTS, seed: SEED },
    );
    // Both ways have to be taken often for this to test anything.
    expect(read, specimen.format).toBeGreaterThan(TEXTS / 20);
    expect(TEXTS - read, specimen.format).toBeGreaterThan(TEXTS / 20);
  }
});

test("flipped bytes give a clear error or a report in which no row is lost", async () => {
  for (const specimen of all) {
    const bytes = new TextEncoder().encode(specimen.text);
    const flip = fc.tuple(fc.noBias(fc.nat(bytes.length - 1)), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 4 }), async (flips) => {
        const mutant = bytes.slice();
        for (const [at, mask] of flips) mutant[at] ^= mask;
        await judge(mutant, specimen);
      }),
      { numRuns: FLIPS, seed: SEED },
    );
  }
});

test("packed files that are cut off or damaged are refused, whole ones read", async () => {
  for (const specimen of all) {
    const plain = new TextEncoder().encode(specimen.text);
    const whole = comparable((await tryRead(plain, specimen, false))!);
    for (const packed of [gzipSync(plain), zstdCompressSync(plain)]) {
      const bytes = new Uint8Array(packed);
      expect(comparable((await tryRead(bytes, specimen, false))!).workload).toEqual(whole.workload);
      await fc.assert(
        fc.asyncProperty(fc.noBias(fc.integer({ min: 4, max: bytes.length - 1 })), async (cut) => {
          expect(await tryRead(bytes.slice(0, cut), specimen, true)).toBeUndefined();
          const mutant = bytes.slice();
          mutant[cut] ^= 0xff;
          const trace = await tryRead(mutant, specimen, true);
          if (trace) expect(trace.report.rowsKept).toBeGreaterThan(0);
        }),
        { numRuns: CUTS / 2, seed: SEED },
      );
    }
  }
});

test("a line of ten million characters is refused or counted, in seconds", LONG, async () => {
  const long = 10_000_000;
  for (const specimen of all) {
    for (const part of ["9".repeat(long), "x".repeat(long), `"${"y".repeat(long)}"`]) {
      const cells = specimen.text.split(/(?=[,:])/);
      const middle = Math.floor(cells.length / 2);
      const text = cells.with(middle, cells[middle][0] + part).join("");
      const trace = await tryRead(new TextEncoder().encode(text), specimen, true);
      if (trace) expect(trace.report.rowsRefused + trace.report.rowsKept).toBeGreaterThan(0);
    }
  }
});

test("records of a run that are mutated are described or refused, too", () => {
  const records = [
    [queueDepthRecord, writeQueueDepthCsv(simulate(paperWorkload({ seed: 2, requests: 60 })))],
    [benchSummaryRecord, SUMMARY],
  ] as const;
  for (const [record, text] of records) {
    let described = 0;
    fc.assert(
      fc.property(record === benchSummaryRecord ? jsonMutations : mutations, (mutate) => {
        try {
          record.describe(mutate(text), "mutant");
          described++;
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          for (const problem of error.problems) expect(problem.file).toBe("mutant");
        }
      }),
      { numRuns: TEXTS, seed: SEED },
    );
    expect(described).toBeGreaterThan(20);
  }
});
