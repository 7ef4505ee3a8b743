import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { readBundled } from "../../../src/files/read-bundled.ts";
import { arenaTrace } from "../../../src/workload/readers/formats/arena-trace.ts";
import { readWhole } from "../../../src/workload/readers/read-trace.ts";
import type { ReadTrace } from "../../../src/workload/readers/trace-format.ts";
import { mutations } from "./support/mutations.ts";

let arena: string;
beforeAll(async () => {
  const bytes = await readBundled("vtc_arena/vtc_real_trace_27clients.csv");
  arena = `${new TextDecoder().decode(bytes).split("\n").slice(0, 25).join("\n")}\n`;
});

function tryRead(text: string): ReadTrace | undefined {
  try {
    return readWhole(arenaTrace, text, "mutant", { lenient: true });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/**
 * Rows of an arena trace by another, plainer reading: split at what the header has between its names,
 * match, compare. For texts without quotes.
 */
function plainArenaRows(text: string): number[][] {
  const lines = text.replace(/^\ufeff+/, "").replace(/\r\n?/g, "\n").split("\n");
  const delimiter = [",", ";", "\t"].find((each) => lines[0].split(each).length === 5) ?? ",";
  const [header, ...rows] = lines.map((line) => line.split(delimiter));
  const places = ["req_id", "client", "prompt_len", "output_len", "req_time_s"]
    .map((name) => header.indexOf(name));
  const ids = new Set<number>();
  return rows.flatMap((row) => {
    const [id, client, prompt, output, time] = places.map((at) => row[at]);
    const good = row.length === header.length &&
      [id, prompt, output].every((count) => /^\d+(\.0*)?$/.test(count)) &&
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

// That no row is lost is tested of every format in `test/runs/formats`; here every value is compared.
test("of a mutated arena trace exactly the rows are kept that a plainer reading finds good", () => {
  let compared = 0;
  fc.assert(
    fc.property(mutations, (mutate) => {
      const text = mutate(arena);
      const trace = tryRead(text);
      if (trace === undefined || text.includes('"') || text.includes("'")) return;
      const { requests, truth } = trace.workload;
      const kept = Array.from(
        requests.arrival,
        (time, i) => [requests.promptTokens[i], truth.outputTokens[i], time],
      );
      const plain = plainArenaRows(text).sort((a, b) => a[2] - b[2]);
      expect(kept, JSON.stringify(text)).toEqual(plain);
      compared++;
    }),
    { numRuns: 600 },
  );
  expect(compared).toBeGreaterThan(200);
});
