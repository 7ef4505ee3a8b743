import { InputError } from "../../../errors/input-error.ts";
import { parseJsonDocuments } from "../../../errors/parse-json.ts";

/** A result as a benchmark wrote it. */
export type BenchResult = Readonly<Record<string, unknown>>;

/** Results that an error lists; the rest is counted. */
const LISTED = 20;

/** Whether a text begins as a result of vLLM's or SGLang's benchmark, detailed or not. */
export function isBenchResult(text: string): boolean {
  const has = (key: string) => new RegExp(`"${key}"\\s*:`).test(text);
  return /^\s*\[?\s*\{/.test(text) && has("completed") &&
    (has("request_throughput") || has("input_lens"));
}

/**
 * The results in a file: one, several behind each other where tools append, or those of an array. Throws
 * an InputError for what is none.
 */
export function benchResults(text: string, file: string): BenchResult[] {
  return parseJsonDocuments(text, file).flatMap(({ value, row }) =>
    (Array.isArray(value) ? value : [value]).map((each: unknown): BenchResult => {
      if (typeof each === "object" && each !== null && !Array.isArray(each)) {
        return each as BenchResult;
      }
      throw new InputError({ file, row, value: each, expected: "a result, a JSON object" });
    })
  );
}

/** Whether a result lists its requests. */
export function hasRequests(result: BenchResult): boolean {
  return result.input_lens !== undefined;
}

/** The place that was asked for; an InputError where the file has none such. */
export function placeOfResult(
  results: readonly BenchResult[],
  place: number,
  { file, field = "result" }: { file: string; field?: string },
): number {
  if (place < results.length) return place;
  const expected = `an index below ${results.length}, the number of results in the file`;
  throw new InputError({ file, field, value: place, expected });
}

/** Refuses to choose among results, naming each and the option. */
export function severalResults(
  results: readonly BenchResult[],
  { file, places }: { file: string; places: readonly number[] },
): InputError {
  const told = places.slice(0, LISTED).map((place) => `${place} (${tellResult(results[place])})`);
  const more = places.length > LISTED ? ` and ${places.length - LISTED} more` : "";
  return new InputError({
    file,
    field: "result",
    expected: `one result, named with the option result=N, as the file has several: ${
      told.join(", ")
    }${more}`,
  });
}

/** What tells a result from others, in words. */
export function tellResult(result: BenchResult): string {
  const facts = [
    ["rate", result.request_rate],
    ["concurrency", result.max_concurrency],
    ["completed", result.completed],
    ["requests a second", result.request_throughput],
  ].filter(([, value]) => typeof value === "number" || typeof value === "string");
  return facts.map(([name, value]) => `${name} ${short(value)}`).join(", ") || "no numbers";
}

function short(value: unknown): string {
  return typeof value === "number" && Number.isFinite(value)
    ? String(Number(value.toPrecision(4)))
    : String(value).slice(0, 40);
}
