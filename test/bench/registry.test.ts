import { expect, test } from "vitest";
import { BENCHMARKS, benchmarksNamed } from "../../src/bench/registry.ts";
import { InputError } from "../../src/errors/input-error.ts";

test("the benchmarks have the names that others rely on", () => {
  const names = BENCHMARKS.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([
    "policy-pops",
    "cell-3000-microbatch",
    "cell-3000-continuous",
    "azure-conv",
    "mooncake-prefix",
    "burstgpt-10m",
    "paper-grid-600",
    "parse-1m",
    "parse-10m",
    "twin-1000-streams",
    "report-warm",
  ]));
  expect(new Set(names).size).toBe(names.length);
});

test("benchmarks are chosen by name; none named means all", () => {
  expect(benchmarksNamed(["policy-pops"]).map(({ name }) => name)).toEqual(["policy-pops"]);
  expect(benchmarksNamed([])).toEqual(BENCHMARKS);
});

test("an unknown name is refused with the known ones", () => {
  expect(() => benchmarksNamed(["policy-pop"])).toThrow(InputError);
  expect(() => benchmarksNamed(["policy-pop"])).toThrow(
    /field name: got "policy-pop", expected one of policy-pops, cell-3000-microbatch/,
  );
});
