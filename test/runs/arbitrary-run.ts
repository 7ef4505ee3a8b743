import fc from "fast-check";
import { type Run, STATUSES } from "../../src/runs/run.ts";
import type { Labels, PromptBlocks } from "../../src/workload/workload.ts";

const seconds = fc.double();
const count = fc.integer({ min: -1, max: 2 ** 31 - 1 });
const PLAIN = { noNullPrototype: true };
type Optional = "promptWords" | "promptText" | "session" | "model" | "promptBlocks" | "extra";
const REQUIRED: Exclude<keyof Run["requests"], Optional>[] = [
  "size",
  "arrival",
  "phases",
  "tenant",
  "tier",
  "category",
  "maxTokens",
  "promptTokens",
];
const size = fc.integer({ min: 0, max: 8 });

const floats = (n: number) =>
  fc.array(seconds, { minLength: n, maxLength: n }).map((values) => Float64Array.from(values));
const counts = (n: number, least = -1) =>
  fc.array(least < 0 ? count : fc.integer({ min: least, max: 2 ** 31 - 1 }), {
    minLength: n,
    maxLength: n,
  }).map((values) => Int32Array.from(values));

function labels(n: number): fc.Arbitrary<Labels> {
  const names = fc.uniqueArray(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 4 });
  return names.chain((names) =>
    fc.record({
      names: fc.constant(names),
      codes: fc.tuple(
        fc.constantFrom(Uint8Array, Uint16Array, Int32Array),
        fc.array(fc.nat(names.length - 1), { minLength: n, maxLength: n }),
      ).map(([Codes, codes]) => Codes.from(codes)),
    }, PLAIN)
  );
}

function blocks(n: number): fc.Arbitrary<PromptBlocks> {
  const lengths = fc.array(fc.nat(3), { minLength: n, maxLength: n });
  return lengths.chain((lengths) => {
    const offsets = Int32Array.of(0, ...lengths);
    offsets.forEach((_, i) => i > 0 && (offsets[i] += offsets[i - 1]));
    return fc.record({
      offsets: fc.constant(offsets),
      values: counts(offsets[n]),
      tokensPerBlock: fc.integer({ min: 1, max: 1024 }),
      parts: labels(offsets[n]),
    }, { requiredKeys: ["offsets", "values"], ...PLAIN });
  });
}

/** Plain values; zod leaves out every key `__proto__`, wherever it stands, and so does this. */
const json = fc.dictionary(
  fc.string(),
  fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value), dropProto)),
  PLAIN,
).map((value) => dropProto("", value) as Record<string, unknown>);

function dropProto(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== "__proto__"));
}

function runOf(n: number): fc.Arbitrary<Run> {
  const firsts = fc.subarray([...Array(n).keys()].slice(1)).map((rest) => [0, ...rest]);
  return firsts.chain((firsts) =>
    fc.record({
      size: fc.constant(n),
      requests: fc.record({
        size: fc.constant(n),
        arrival: floats(n),
        phases: fc.tuple(...firsts.map((first) =>
          fc.record({
            name: fc.string(),
            first: fc.constant(first),
            afterDrainSeconds: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
          }, PLAIN)
        )) as unknown as fc.Arbitrary<Run["requests"]["phases"]>,
        tenant: labels(n),
        tier: labels(n),
        category: labels(n),
        maxTokens: counts(n, 0),
        promptTokens: counts(n, 0),
        promptWords: counts(n, 0),
        session: labels(n),
        model: labels(n),
        promptBlocks: blocks(n),
        extra: fc.dictionary(
          fc.string(),
          fc.oneof(labels(n), counts(n), floats(n)),
          PLAIN,
        ).map((columns) => dropProto("", columns) as Record<string, Labels>),
      }, { requiredKeys: REQUIRED, ...PLAIN }) as fc.Arbitrary<Run["requests"]>,
      status: fc.array(fc.nat(STATUSES.length - 1), { minLength: n, maxLength: n })
        .map((codes) => Uint8Array.from(codes)),
      arrival: floats(n),
      start: floats(n),
      scheduled: floats(n),
      firstToken: floats(n),
      finish: floats(n),
      server: counts(n),
      preemptions: counts(n),
      cachedTokens: counts(n),
      batch: counts(n),
      batchSize: counts(n),
      outputTokens: counts(n),
      inputLength: counts(n),
      estimatedOutput: floats(n),
      actualOutput: counts(n),
      feedbackPlace: counts(n),
      beliefs: fc.dictionary(
        fc.oneof(fc.constantFrom("category", "factor", "toString"), fc.string()),
        fc.oneof(labels(n), counts(n), floats(n)),
        PLAIN,
      ).map((columns) => dropProto("", columns) as Run["beliefs"]),
      phaseStart: floats(firsts.length),
      provenance: fc.record({
        workload: fc.record({
          source: fc.string(),
          seed: fc.maxSafeInteger(),
          parameters: json,
          steps: fc.array(fc.string()),
        }, { requiredKeys: ["source"], ...PLAIN }),
        scheduler: json,
        engine: json,
      }, PLAIN),
    }, PLAIN)
  );
}

/** Any run that the types allow, not only those that an engine would make: NaN, ∞ and -0 too. */
export const arbitraryRun: fc.Arbitrary<Run> = size.chain(runOf);
