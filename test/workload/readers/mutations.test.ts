import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { readBundled } from "../../../src/files/read-bundled.ts";
import { arenaMeasured } from "../../../src/workload/readers/arena-measured.ts";
import { arenaTrace } from "../../../src/workload/readers/arena-trace.ts";
import { burstGpt } from "../../../src/workload/readers/burstgpt.ts";
import { lengthTable } from "../../../src/workload/readers/lengths.ts";
import type { ReadReport } from "../../../src/workload/readers/read-report.ts";
import { readWhole } from "../../../src/workload/readers/read-trace.ts";
import { mutations } from "./support/mutations.ts";

const RUNS = { numRuns: 800 };

let arena: string;
let burst: string;
let lengths: string;
beforeAll(async () => {
  const head = async (file: string) =>
    `${new TextDecoder().decode(await readBundled(file)).split("\n").slice(0, 25).join("\n")}\n`;
  arena = await head("vtc_arena/vtc_real_trace_27clients.csv");
  burst = await head("burstgpt/BurstGPT_3_first400.csv");
  lengths = await head("lmsys_lengths/lmsys_1024_llama_tokenizer_lengths.csv");
});

/** The result, or undefined after an InputError that names the file; any other error fails. */
function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    expect(error.problems.length).toBeLessThanOrEqual(20);
    for (const problem of error.problems) {
      expect(problem.file).toBe("mutant");
      expect(problem.expected).not.toBe("");
    }
    return undefined;
  }
}

/** Every line of the file is the header, blank, or a row that is kept, refused or set aside. */
function expectEveryLineCounted(text: string, report: ReadReport): void {
  const lines = text.replace(/^\ufeff+/, "").replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  expect(1 + report.blankLines + report.rowsRead, JSON.stringify(text)).toBe(lines.length);
  const aside = report.setAside.reduce((sum, { rows }) => sum + rows, 0);
  expect(report.rowsRead).toBe(report.rowsKept + report.rowsRefused + aside);
  expect(report.problemCount).toBeGreaterThanOrEqual(report.rowsRefused);
}

/**
 * Rows of an arena trace by another, plainer reading: split at commas, match, compare. For texts
 * without quotes.
 */
function plainArenaRows(text: string): number[][] {
  const [header, ...rows] = text.replace(/^\ufeff+/, "").replace(/\r\n?/g, "\n").split("\n")
    .map((line) => line.split(","));
  const places = ["req_id", "client", "prompt_len", "output_len", "req_time_s"]
    .map((name) => header.indexOf(name));
  const ids = new Set<number>();
  return rows.flatMap((row) => {
    const [id, client, prompt, output, time] = places.map((at) => row[at]);
    const good = row.length === header.length &&
      [id, prompt, output].every((count) => /^\d+$/.test(count)) &&
      /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(time) &&
      Number(id) < 2 ** 31 && Number(prompt) >= 1 && Number(prompt) < 2 ** 31 &&
      Number(output) >= 1 && Number(output) <= 1024 && Number(time) <= 1e9 &&
      client.length >= 1 && client.length <= 256 &&
      ![...client].some((c) => c < " " || (c >= "\x7f" && c < "\xa0")) && !ids.has(Number(id));
    if (!good) return [];
    ids.add(Number(id));
    return [[Number(prompt), Number(output), Number(time)]];
  });
}

test("a mutated arena trace gives a clear error or a report in which no row is lost", () => {
  let read = 0;
  let refused = 0;
  fc.assert(
    fc.property(mutations, (mutate) => {
      const text = mutate(arena);
      const lenient = tryRead(() => readWhole(arenaTrace, text, "mutant", { lenient: true }));
      const strict = tryRead(() => readWhole(arenaTrace, text, "mutant"));
      if (lenient === undefined) {
        expect(strict).toBeUndefined();
        refused++;
        return;
      }
      read++;
      const { workload: { requests, truth }, report } = lenient;
      expectEveryLineCounted(text, report);
      expect(requests.size).toBe(report.rowsKept);
      for (let i = 0; i < requests.size; i++) {
        expect(requests.arrival[i]).toBeGreaterThanOrEqual(i === 0 ? 0 : requests.arrival[i - 1]);
        expect(requests.maxTokens[i]).toBeGreaterThanOrEqual(truth.outputTokens[i]);
        expect(truth.outputTokens[i]).toBeGreaterThanOrEqual(1);
        expect(requests.tenant.names[requests.tenant.codes[i]]).toMatch(/./u);
      }
      if (strict !== undefined) {
        expect(strict).toEqual(lenient);
        expect(report.rowsRefused).toBe(0);
      }
      if (text.includes('"')) return;
      const plain = plainArenaRows(text).sort((a, b) => a[2] - b[2]);
      const kept = Array.from(
        requests.arrival,
        (time, i) => [requests.promptTokens[i], truth.outputTokens[i], time],
      );
      expect(kept, JSON.stringify(text)).toEqual(plain);
    }),
    RUNS,
  );
  // Both ways have to be taken often for this to test anything.
  expect(read, `${read} read, ${refused} refused`).toBeGreaterThan(300);
  expect(refused).toBeGreaterThan(120);
});

test("mutated length tables give a clear error or a report in which no row is lost", () => {
  fc.assert(
    fc.property(mutations, (mutate) => {
      for (
        const [format, original] of [[lengthTable, lengths], [burstGpt, burst]] as const
      ) {
        const text = mutate(original);
        const lenient = tryRead(() => readWhole(format, text, "mutant", { lenient: true }));
        const strict = tryRead(() => readWhole(format, text, "mutant"));
        if (lenient === undefined) expect(strict).toBeUndefined();
        else {
          expectEveryLineCounted(text, lenient.report);
          const { requests: { promptTokens }, truth: { outputTokens } } = lenient.workload;
          expect(promptTokens.length).toBe(lenient.report.rowsKept);
          expect(Math.min(...promptTokens, ...outputTokens)).toBeGreaterThanOrEqual(1);
          if (strict !== undefined) expect(strict).toEqual(lenient);
        }
      }
    }),
    RUNS,
  );
});

test("flipped bytes give a clear error or a report in which no row is lost", () => {
  const bytes = new TextEncoder().encode(arena);
  const flip = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
      const mutant = bytes.slice();
      for (const [at, mask] of flips) mutant[at] ^= mask;
      const result = tryRead(() => readWhole(arenaTrace, mutant, "mutant", { lenient: true }));
      if (result !== undefined) {
        expectEveryLineCounted(new TextDecoder().decode(mutant), result.report);
      }
    }),
    RUNS,
  );
});

test("a mutated measured outcome gives a clear error or a report of all responses", () => {
  const responses = Array.from({ length: 8 }, (_, i) => ({
    adapter_dir: `client-${i % 3}`,
    prompt_len: 5 + i,
    output_len: 7 + i,
    request_latency: 2.5 + i,
    first_token_latency: 1.25,
    req_time: i / 2,
  }));
  const original = JSON.stringify({ config: { mode: "real" }, result: { responses } });
  fc.assert(
    fc.property(mutations, (mutate) => {
      const text = mutate(original);
      const result = tryRead(() => readWhole(arenaMeasured, text, "mutant", { lenient: true }));
      if (result === undefined) return;
      const line = text.split(/[\r\n]/).find((candidate) => candidate.trim() !== "")!;
      const there = JSON.parse(line.trim()).result.responses;
      const { measured, report } = result;
      expect(report.rowsKept + report.rowsRefused).toBe(there.length);
      expect(measured?.finish?.length).toBe(report.rowsKept);
    }),
    RUNS,
  );
});
