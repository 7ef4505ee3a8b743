import fc from "fast-check";
import { UNSERVED_STATUSES } from "../../../../src/workload/readers/trace-format.ts";
import type { Labels, PromptBlocks } from "../../../../src/workload/workload.ts";
import { cutBlocks } from "../../../../src/workload/transforms/cut-blocks.ts";
import type { TraceToWrite } from "../../../../src/workload/writers/trace-writer.ts";

const PLAIN = { noNullPrototype: true };
const INT32_MAX = 2 ** 31 - 1;

/** Printable, and often what a spreadsheet would run, or what only looks as if that was undone. */
const name = fc.oneof(
  fc.constantFrom("=1+1", "'=x", "-5", "+a", "@b", "a,b", 'say "x"', "default", "tenant 1", "é"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 })
    // deno-lint-ignore no-control-regex -- control characters are what it is about
    .filter((text) => !/[\u0000-\u001f\u007f-\u009f\ufeff]/.test(text)),
);

function labels(n: number, names: fc.Arbitrary<string> = name): fc.Arbitrary<Labels> {
  return fc.uniqueArray(names, { minLength: 1, maxLength: 4 }).chain((names) =>
    fc.array(fc.nat(names.length - 1), { minLength: n, maxLength: n })
      .map((codes) => ({ codes: Uint8Array.from(codes), names }))
  );
}

const ints = (n: number, { min = 1, max = 5000 } = {}) =>
  fc.array(fc.integer({ min, max }), { minLength: n, maxLength: n })
    .map((values) => Int32Array.from(values));

/** Sorted seconds from 0, on grids from a microsecond to whole seconds, and on none. */
function arrivals(n: number): fc.Arbitrary<Float64Array> {
  const on = (grid: number) => fc.nat(5000).map((ticks) => ticks / grid);
  return fc.constantFrom(1, 1000, 1e6, 0).chain((grid) =>
    fc.array(grid === 0 ? fc.double({ min: 0, max: 1e6, noNaN: true }) : on(grid), {
      minLength: n,
      maxLength: n,
    })
  ).map((times) => Float64Array.from(times, (time) => time + 0).sort());
}

function blocks(n: number): fc.Arbitrary<PromptBlocks> {
  const lists = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: n, maxLength: n });
  return fc.tuple(
    lists,
    fc.constantFrom(16, 128, 512, undefined, NaN),
    optional(ints(n, { min: -1, max: 30 })),
    fc.array(fc.nat(2000), { minLength: 4 * n, maxLength: 4 * n }),
  ).map(([lists, length, answers, wanted]) => {
    // NaN: each block has a length of its own.
    const offsets = new Int32Array(n + 1);
    lists.forEach((list, i) => offsets[i + 1] = offsets[i] + list.length);
    const values = Int32Array.from(lists.flat());
    return {
      offsets,
      values,
      ...Number.isNaN(length)
        ? { tokens: Int32Array.from(values, (_, at) => wanted[at]) }
        : length !== undefined && { tokensPerBlock: length },
      ...answers && { answers },
    };
  });
}

/** The blocks that a prompt of this length has room for. */
function fitting(blocks: PromptBlocks, promptTokens: Int32Array): PromptBlocks {
  return blocks.tokens ? cutBlocks(blocks, promptTokens)! : blocks;
}

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

function requests(n: number) {
  return fc.record({
    arrival: arrivals(n),
    promptTokens: ints(n),
    tenant: labels(n),
    tier: labels(n, fc.oneof(fc.constantFrom("premium", "standard", "batch", "critical"), name)),
    category: labels(n, fc.oneof(fc.constantFrom("Conversation log", "API log"), name)),
    session: optional(labels(n, fc.oneof(fc.constant(""), name))),
    model: optional(labels(n, fc.oneof(fc.constant(""), name))),
    promptWords: optional(ints(n, { min: 0 })),
    promptBlocks: optional(blocks(n)),
    extra: optional(fc.record({
      streaming: labels(n, fc.constantFrom("true", "false")),
      round_index: ints(n, { min: 0, max: 9 }),
      prefix_length: ints(n, { min: 0, max: 1 }),
      deadline_us: ints(n, { min: 0, max: 10 ** 9 }).map((us) => Float64Array.from(us)),
      further: labels(n),
    }, { requiredKeys: [], ...PLAIN })),
  }, PLAIN).map(({ session, model, promptWords, promptBlocks, extra, ...always }) => ({
    size: n,
    ...always,
    ...session && { session },
    ...model && { model },
    ...promptWords && { promptWords },
    ...promptBlocks && { promptBlocks: fitting(promptBlocks, always.promptTokens) },
    ...extra && { extra },
  }));
}

function traceOf(n: number): fc.Arbitrary<TraceToWrite> {
  const later = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), {
    minLength: 3 * n,
    maxLength: 3 * n,
  });
  const firsts = fc.subarray([...Array(n).keys()].slice(1), { maxLength: Math.min(2, n - 1) });
  return fc.record({
    requests: requests(n),
    outputTokens: ints(n),
    outputWords: optional(ints(n, { min: 0 })),
    headroom: ints(n, { min: 0, max: 100 }),
    waits: optional(later),
    firsts: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: firsts }),
    unserved: optional(
      fc.integer({ min: 1, max: 4 }).chain((m) =>
        fc.record({
          requests: requests(m),
          status: labels(m, fc.constantFrom(...UNSERVED_STATUSES)),
        }, PLAIN)
      ),
    ),
  }, PLAIN).map(({ requests, outputTokens, outputWords, headroom, waits, firsts, unserved }) => {
    const { arrival } = requests;
    const phases = [0, ...firsts].map((first, i) => ({
      name: `phase ${i}`,
      first,
      afterDrainSeconds: i / 2,
    }));
    const at = (k: number) =>
      waits &&
      arrival.map((time, i) => time + waits.slice(3 * i, 3 * i + 3).toSorted((a, b) => a - b)[k]);
    const onePhase = [{ name: "trace", first: 0, afterDrainSeconds: 0 }] as const;
    const parts = {
      workload: {
        name: "any",
        requests: {
          ...requests,
          phases: phases as unknown as typeof onePhase,
          maxTokens: outputTokens.map((tokens, i) => Math.min(tokens + headroom[i], INT32_MAX)),
        },
        truth: { outputTokens, ...outputWords && { outputWords } },
        provenance: { source: "arbitrary", seed: 3, steps: ["made up"] },
      },
      ...waits && phases.length === 1 && {
        measured: { sent: at(0)!, firstToken: at(1)!, finish: at(2)! },
      },
      ...unserved && phases.length === 1 && {
        unserved: {
          requests: {
            ...unserved.requests,
            phases: onePhase,
            maxTokens: unserved.requests.promptTokens,
          },
          status: unserved.status,
        },
      },
    };
    return parts;
  });
}

/** Any trace with a workload that can be served: labels of any printable names, times on any grid. */
export const arbitraryTrace: fc.Arbitrary<TraceToWrite> = fc.integer({ min: 1, max: 12 })
  .chain(traceOf);
