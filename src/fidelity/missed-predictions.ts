import * as aq from "arquero";
import { explainMiss } from "./judge.ts";
import type { JudgedRecording } from "./judge-recordings.ts";
import { signedPercent } from "./signed-percent.ts";

/** The predictions that are out of bounds. Columns: `run`, `metric`, `error` (percent), `why`, as text. */
export function missedPredictions(judgements: readonly JudgedRecording[]): aq.ColumnTable {
  return aq.from(
    judgements.flatMap(({ recording, prediction, judged }) =>
      judged.filter(({ within }) => !within).map((judgement) => ({
        run: recording.name,
        metric: judgement.metric,
        error: signedPercent(judgement.error_pct),
        why: explainMiss(judgement, prediction),
      }))
    ),
  );
}
