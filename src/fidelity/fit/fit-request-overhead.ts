import { median } from "../../statistics/robust-regression.ts";
import type { ServerFile } from "../../servers/costs/server-file.ts";
import { serverOf } from "../../servers/server.ts";
import type { RecordedRequests, RunDescription } from "../recorded-run.ts";
import { simulateRecording } from "../simulate-recording.ts";

/** A request counts as hardly queued up to this wait for its first step, seconds. */
const SHORT_WAIT = 0.1;
const ROUNDS = 4;
const REQUESTS_NEEDED = 5;

/** A recorded run with what stands beside it. */
export interface Recording {
  readonly requests: RecordedRequests;
  readonly description: RunDescription;
}

/**
 * Seconds that the API server, the tokenizer and the client cost a request on top of its steps: the
 * median over hardly queued requests of the measured time to first token less the simulated one.
 * Requests that queued for long say nothing of it: their wait is that of others' steps. Null when
 * too few went without a queue.
 */
export function fitRequestOverhead(
  file: ServerFile,
  recordings: readonly Recording[],
): number | null {
  let perRequest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const differences: number[] = [];
    for (const { requests, description } of recordings) {
      const server = serverOf({ cost: { ...file, perRequest }, config: description.server });
      const { scheduled, firstToken } = simulateRecording(requests, server, description.client);
      for (let row = 0; row < requests.size; row++) {
        if (!(scheduled[row] - requests.arrival[row] < SHORT_WAIT)) continue;
        differences.push(requests.firstToken[row] - firstToken[row]);
      }
    }
    if (differences.length < REQUESTS_NEEDED) return null;
    perRequest = Math.max(0, perRequest + median(differences));
  }
  return perRequest;
}
