import { csvChunks } from "../../csv/write-csv.ts";
import { VidurRow } from "../readers/formats/vidur.ts";
import { lossesOf, onOneClock } from "./losses.ts";
import type { TraceWriter } from "./trace-writer.ts";

/** Vidur's trace: arrivals in seconds, lengths, their sum and their ratio. */
export const vidurWriter: TraceWriter = {
  name: "vidur",
  title: "Vidur",
  extension: ".csv",
  write(trace) {
    const { requests: { size, promptTokens }, truth: { outputTokens } } = trace.workload;
    const arrival = onOneClock(trace.workload.requests);
    return {
      chunks: {
        [Symbol.iterator]: () =>
          csvChunks(
            Object.keys(VidurRow.shape),
            Iterator.from(arrival.keys()).take(size).map((row) => [
              arrival[row],
              promptTokens[row],
              outputTokens[row],
              promptTokens[row] + outputTokens[row],
              promptTokens[row] / outputTokens[row],
            ]),
          ),
      },
      lost: lossesOf(trace, []),
    };
  },
};
