import { InputError, type InputProblem } from "../../errors/input-error.ts";
import type { VllmClient } from "../client/vllm-client.ts";
import { type Asking, askServer } from "./ask-server.ts";
import type { ServerFacts } from "./server-facts.ts";

/** A server of a run, and how it is asked. */
export interface AskedServer extends Asking {
  readonly client: VllmClient;
}

/**
 * Asks all servers of a run what they are. Throws one InputError with what is wrong with each of them
 * (see {@link askServer}), and for a server that is named twice.
 */
export async function askServers(asked: readonly AskedServer[]): Promise<ServerFacts[]> {
  const problems: InputProblem[] = [];
  const seen = new Set<string>();
  for (const { client: { server } } of asked) {
    if (seen.has(server)) {
      problems.push({ file: `server ${server}`, expected: "to be named once in the list" });
    }
    seen.add(server);
  }
  const answers = await Promise.allSettled(
    asked.map(({ client, ...asking }) => askServer(client, asking)),
  );
  const facts: ServerFacts[] = [];
  for (const answer of answers) {
    if (answer.status === "fulfilled") facts.push(answer.value);
    else if (answer.reason instanceof InputError) problems.push(...answer.reason.problems);
    else throw answer.reason;
  }
  if (problems.length > 0) throw new InputError(problems);
  return facts;
}
