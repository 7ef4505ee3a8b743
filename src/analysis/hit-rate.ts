import type { Run } from "../runs/run.ts";
import { everyone } from "./groups.ts";

/**
 * Share of the prompt tokens that the server found in its prefix cache: the hit rate. NaN without
 * requests, and where one's cached tokens are not known.
 *
 * @param rows requests that count. @default the completed ones
 */
export function hitRate(run: Run, rows: Int32Array = everyone(run).rows): number {
  let cached = 0, prompts = 0;
  for (const row of rows) {
    if (run.cachedTokens[row] < 0) return NaN;
    cached += run.cachedTokens[row];
    prompts += run.requests.promptTokens[row];
  }
  return cached / prompts;
}
