import type { ServerFacts } from "./server-facts.ts";

/** What a run is about to do that a server may not honour. */
export interface Intent {
  /** Whether requests carry priorities that differ. */
  readonly priorities: boolean;
}

/**
 * What may make a run mean something else than intended, in words, a line each. Nothing here keeps a
 * run from being right, so nothing is refused.
 */
export function warningsOf(servers: readonly ServerFacts[], { priorities }: Intent): string[] {
  const warnings: string[] = [];
  for (const { url, policy, kvCache, otherThanVllm } of servers) {
    if (otherThanVllm !== undefined) {
      warnings.push(
        `${url} does not say that it is vLLM (models owned by ${otherThanVllm}): what only vLLM ` +
          "knows, such as ignore_eos and priorities, it may pass over in silence",
      );
    }
    if (priorities && policy === null) {
      warnings.push(
        `${url} does not say whether it schedules by priority: unless it was started with ` +
          "--scheduling-policy priority it ignores priorities in silence",
      );
    } else if (priorities && policy !== "priority") {
      warnings.push(`${url} schedules by ${policy} and ignores priorities`);
    }
    if (kvCache?.prefixCaching) {
      warnings.push(
        `${url} caches prefixes: prompts that were sent before cost less than new ones`,
      );
    }
  }
  const models = new Set(servers.map(({ model }) => model));
  if (models.size > 1) warnings.push(`servers of different models: ${[...models].join(", ")}`);
  const versions = new Set(servers.map(({ version }) => version));
  if (versions.size > 1) {
    warnings.push(
      `servers of different versions: ${[...versions].map((v) => v ?? "unknown").join(", ")}`,
    );
  }
  return warnings;
}
