import type { Requests } from "../../workload/workload.ts";
import type { ServerFacts } from "./server-facts.ts";

/**
 * What made texts cannot keep of a workload's prompt lengths, once a server: a server that does not say
 * what its template adds, and prompts that are shorter than the template.
 *
 * @param templates tokens that each server adds to a text; null: it does not tell
 */
export function templateWarnings(
  servers: readonly ServerFacts[],
  { promptTokens, size }: Requests,
  templates: readonly (number | null)[],
): string[] {
  return servers.flatMap(({ url }, i) => {
    const template = templates[i];
    if (template === null) {
      return [
        `${url} does not say how many tokens it makes of a text (POST /tokenize): each prompt is one ` +
        "common word a token, and its chat template comes on top",
      ];
    }
    const short = promptTokens.reduce((sum, tokens) => tokens <= template ? sum + 1 : sum, 0);
    if (short === 0) return [];
    return [
      `${short} of ${size} prompts are not longer than the ${template} tokens that ${url} adds to ` +
      `each: they are sent with one word, as ${template + 1} tokens`,
    ];
  });
}
