import * as aq from "arquero";
import type { ServerFile } from "../servers/costs/server-file.ts";
import type { Server, ServerInput } from "../servers/server.ts";
import type { Recording } from "./fit/fit-request-overhead.ts";
import { type LoadPoint, loadPointOf } from "./load-point.ts";
import { predictRecording } from "./predict.ts";
import { signedPercent } from "./signed-percent.ts";

/** A load point: what a benchmark measured, and the requests that it sent. */
export interface MeasuredPoint {
  readonly load: string;
  readonly measured: LoadPoint;
  readonly recording: Recording;
}

/**
 * Predicts load points with a server, and sets the numbers beside the measured ones. Columns: `load`,
 * `tokens a second`, and median and P99 of TTFT and TPOT (ms); each as text,
 * `measured → simulated (error)`.
 */
export function loadPointTable(
  points: readonly MeasuredPoint[],
  server: ServerInput | Server | ServerFile,
): aq.ColumnTable {
  return aq.from(points.map(({ load, measured, recording }) => {
    const { simulated } = predictRecording(recording, server);
    const found = loadPointOf(recording.requests, simulated);
    const both = (name: keyof LoadPoint) =>
      `${measured[name]} → ${found[name].toPrecision(3)} (${
        signedPercent(100 * (found[name] / measured[name] - 1))
      })`;
    return {
      load,
      "tokens a second": both("output_tok_s"),
      "TTFT P50, ms": both("ttft_p50_ms"),
      "TTFT P99, ms": both("ttft_p99_ms"),
      "TPOT P50, ms": both("tpot_p50_ms"),
      "TPOT P99, ms": both("tpot_p99_ms"),
    };
  }));
}
