import type { Page } from "./client/fetch-page.ts";
import type { ServerFacts } from "./preflight/server-facts.ts";

/** Who fetches pages of one server. */
export interface Pages {
  get(path: string, options?: { readonly signal?: AbortSignal }): Promise<Page>;
}

/**
 * Asks a server whether it is well. Whatever goes wrong means that it is not; never rejects.
 *
 * @param signal ends the asking
 */
export async function isHealthy(
  client: Pages,
  { healthPage = "/health" }: Pick<ServerFacts, "healthPage">,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    return (await client.get(healthPage, { signal })).status === 200;
  } catch {
    return false;
  }
}
