import { InputError, type InputProblem } from "../../errors/input-error.ts";
import type { ServerFacts } from "./server-facts.ts";

const MOST_PROBLEMS = 20;

/**
 * Refuses requests that a server could not take because prompt and answer are longer than its
 * context: vLLM answers them with 400.
 *
 * @param lengths shape (n) each, tokens
 */
export function assertFits(
  servers: readonly ServerFacts[],
  lengths: { readonly promptTokens: Int32Array; readonly maxTokens: Int32Array },
): void {
  const { promptTokens, maxTokens } = lengths;
  for (const { url, contextTokens } of servers) {
    if (contextTokens === null) continue;
    const problems: InputProblem[] = [];
    for (let row = 0; row < promptTokens.length && problems.length < MOST_PROBLEMS; row++) {
      if (promptTokens[row] + maxTokens[row] <= contextTokens) continue;
      problems.push({
        file: "workload",
        row: row + 1,
        field: "promptTokens + maxTokens",
        value: `${promptTokens[row]} + ${maxTokens[row]}`,
        expected: `at most ${contextTokens}, the context of ${url}`,
      });
    }
    if (problems.length > 0) throw new InputError(problems);
  }
}
