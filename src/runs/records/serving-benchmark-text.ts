import { InputError } from "../../errors/input-error.ts";
import { numbered } from "./facts-of.ts";
import type { Fact, RecordFormat } from "./record.ts";

const TITLE = /^\W*=+ *Serving Benchmark Result *=+\s*$/;
/** `Mean TTFT (ms):          57.1`: a name, perhaps with a unit, and its value. */
const LINE = /^(.+?)\s*(?:\(([^()]+)\))?\s*:\s+(\S.*?)\s*$/;

/**
 * The table that `bench serve` of vLLM, and SGLang's `bench_serving`, print at the end of a run, in text
 * that was kept from the screen; one or several.
 *
 * Source: vllm-project/vllm, `vllm/benchmarks/serve.py`; sgl-project/sglang,
 * `python/sglang/bench_serving.py`: both print `{name}: {value}` lines between lines of `=`.
 */
export const servingBenchmarkTextRecord: RecordFormat = {
  name: "serving-benchmark-text",
  title: "what vLLM's or SGLang's serving benchmark prints",
  instead:
    "save the requests, too: vllm bench serve with --save-result --save-detailed, SGLang's " +
    "bench_serving with --output-file FILE --output-details",
  recognise: ({ text }) =>
    text.split("\n").some((line) => TITLE.test(line))
      ? "a line with Serving Benchmark Result between signs of equality"
      : undefined,
  describe(text, file) {
    const results: Record<string, Fact>[] = [];
    let open: Record<string, Fact> | undefined;
    for (const line of text.split("\n")) {
      if (TITLE.test(line)) results.push(open = {});
      else if (/^=+\s*$/.test(line)) open = undefined;
      const [, name, unit, value] = LINE.exec(line) ?? [];
      if (open === undefined || name === undefined) continue;
      const number = Number(value);
      open[nameOf(name, unit)] = Number.isNaN(number) ? value : number;
    }
    if (results.some((facts) => Object.keys(facts).length > 0)) return numbered(results);
    throw new InputError({ file, expected: "lines of a name and a value below the title" });
  },
};

/** `mean_ttft_ms` of `Mean TTFT` and `ms`; `request_throughput_req_per_s` of `req/s`. */
function nameOf(name: string, unit: string | undefined): string {
  return [name, unit].filter((part) => part !== undefined).join("_").toLowerCase()
    .replace(/\//g, "_per_").replace(/[^\w.]+/g, "_").replace(/^_+|_+$/g, "");
}
