import type { Requests } from "./workload.ts";

/**
 * The same requests for who must not learn how long answers are: under which id an answer comes again
 * is left out, since the later prompt that holds it tells its length.
 */
export function withoutAnswers(requests: Requests): Requests {
  if (requests.promptBlocks?.answers === undefined) return requests;
  const { answers: _, ...promptBlocks } = requests.promptBlocks;
  return { ...requests, promptBlocks };
}
