import * as aq from "arquero";
import type { RunToRun } from "./judge.ts";
import type { JudgedRecording } from "./judge-recordings.ts";

/**
 * The error of every prediction, as the figure `fidelityErrors` draws it. Columns: `run`, `metric`,
 * `error`, `bound`, `noise` (between two recordings of one run), `ownSpeed` (the error that is left at
 * the speed that the machine had in that run; null where nobody knows it), all as shares of the
 * measured value; `cause` ("" where the error is within its bound).
 */
export function predictionErrors(
  judgements: readonly JudgedRecording[],
  noise: RunToRun,
): aq.ColumnTable {
  return aq.from(
    judgements.flatMap(({ recording, prediction: { machine }, judged }) =>
      judged.map(({ metric, error_pct, bound_pct, cause }) => ({
        run: recording.name,
        metric,
        error: error_pct / 100,
        bound: bound_pct / 100,
        noise: noise[metric] / 100,
        ownSpeed: machine === null ? null : (machine.at_its_speed[metric].error_pct ?? 0) / 100,
        cause: cause ?? "",
      }))
    ),
  );
}
