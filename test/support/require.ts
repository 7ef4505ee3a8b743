import process from "node:process";

/**
 * Whether the tests that need `what` must run: DRIFTSCHED_REQUIRE names it, as `.ci/run` does with
 * `browser,jupyter`. Elsewhere they are skipped where it is missing, with a line that says so.
 */
export function isRequired(what: "browser" | "jupyter"): boolean {
  return (process.env.DRIFTSCHED_REQUIRE ?? "").split(/[\s,]+/).includes(what);
}
