import { POLICIES } from "../policies/registry.ts";

/**
 * The policy that others are compared with where nobody says which: the first of those named, in the
 * order of the registry; policies that are not registered come after, in the order they are named.
 * Throws a RangeError for no names.
 *
 * @example
 * baselinePolicy(["mine", "sjf", "fifo"]); // "fifo", as the registry begins with it
 */
export function baselinePolicy(names: Iterable<string>): string {
  const shown = [...names];
  if (shown.length === 0) throw new RangeError("no policy to compare with: none is named");
  return POLICIES.names.find((name) => shown.includes(name)) ?? shown[0];
}
