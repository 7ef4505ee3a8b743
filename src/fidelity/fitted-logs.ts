import * as aq from "arquero";
import type { FitReport } from "../servers/costs/server-file.ts";
import { signedPercent } from "./signed-percent.ts";

/**
 * The logs that a server was fitted to, and how fast the machine was in each. Columns: `log`, `steps`,
 * `slower than typical` (percent, as text).
 *
 * @param names one a log, in the order of the fit
 */
export function fittedLogs({ logs }: Pick<FitReport, "logs">, names: readonly string[]) {
  return aq.from(logs.map(({ steps, slower_pct }, i) => ({
    log: names[i],
    steps,
    "slower than typical": signedPercent(slower_pct),
  })));
}
