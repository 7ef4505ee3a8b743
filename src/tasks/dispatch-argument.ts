import { InputError } from "../errors/input-error.ts";
import type { DispatchInput } from "../gateway/dispatch.ts";

/** The dispatch rule that an option names: `in-flight`, `in-flight:64`, `micro-batch`, `pass-through`. */
export function dispatchOf(text: string): DispatchInput {
  const [rule, size] = text.split(":");
  if (rule === "in-flight") {
    const window = size === undefined ? undefined : Number(size);
    if (window === undefined || Number.isInteger(window)) return { rule, window };
  }
  if ((rule === "micro-batch" || rule === "pass-through") && size === undefined) return { rule };
  const expected = "in-flight, in-flight:N, micro-batch or pass-through";
  throw new InputError({ file: "command line", field: "--dispatch", value: text, expected });
}
