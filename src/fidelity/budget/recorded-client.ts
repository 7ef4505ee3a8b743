import { median } from "../../statistics/robust-regression.ts";
import type { RecordedRequests } from "../recorded-run.ts";

/** When requests left the client, and how much longer than others answers took on their way. */
export interface RecordedClientTimes {
  /** Shape (n), seconds since the run's start. */
  readonly sent: Float64Array;
  /** Shape (n), seconds: first and last token, beside the typical way of a first token. */
  readonly firstLate: Float64Array;
  readonly lastLate: Float64Array;
}

/** null where nobody recorded when requests were sent. Without the server's own times nobody is late. */
export function recordedClientTimes(
  { size, sent, firstToken, finish, serverTtft, serverGeneration }: RecordedRequests,
): RecordedClientTimes | null {
  if (sent === undefined) return null;
  if (serverTtft === undefined || serverGeneration === undefined || size === 0) {
    return {
      sent,
      firstLate: new Float64Array(size),
      lastLate: new Float64Array(size),
    };
  }
  const first = sent.map((at, row) => firstToken[row] - at - serverTtft[row]);
  // Between client and server, there and back.
  const typical = median(first);
  return {
    sent,
    firstLate: first.map((seconds) => seconds - typical),
    lastLate: sent.map((at, row) =>
      finish[row] - at - serverTtft[row] - serverGeneration[row] - typical
    ),
  };
}
