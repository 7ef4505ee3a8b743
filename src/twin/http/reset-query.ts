import { badRequest } from "../api/api-error.ts";

/** What a call of `POST /reset_prefix_cache` asks for (vLLM reference §1). */
export interface ResetQuery {
  /** Whether those that run are preempted first. */
  readonly running: boolean;
  /** Whether a cache outside the server is to be emptied, too. */
  readonly external: boolean;
}

/** Truth values as vLLM's framework reads them. */
const YES = ["1", "true", "t", "yes", "y", "on"];
const NO = ["0", "false", "f", "no", "n", "off"];

function flagOf(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)?.toLowerCase() ?? "false";
  if (YES.includes(value)) return true;
  if (NO.includes(value)) return false;
  const message = "Input should be a valid boolean, unable to interpret input";
  throw badRequest([`{'loc': 'query.${name}', 'msg': '${message}'}`], `query.${name}`);
}

/** Reads the query of `target`; throws an ApiError. */
export function resetQuery(target: string): ResetQuery {
  const query = new URLSearchParams(target.split("?", 2)[1] ?? "");
  return {
    running: flagOf(query, "reset_running_requests"),
    external: flagOf(query, "reset_external"),
  };
}
