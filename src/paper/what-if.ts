import type { ReadTrace } from "../workload/readers/trace-format.ts";
import type { NamedEstimator } from "../what-if/alternative.ts";
import { KNOWS_ALL } from "../what-if/alternative.ts";
import type { WhatIfAnswer } from "../what-if/answer.ts";
import { whatIf as whatIfOf, type WhatIfOptions as Options } from "../what-if/what-if.ts";
import { InputError } from "../errors/input-error.ts";
import { ESTIMATORS } from "../estimation/registry.ts";
import { serverFor } from "../servers/sized-server.ts";
import { CALIBRATION_OFF, COUNTING_TOKENS } from "./policies.ts";
import { paperEstimate } from "./scheduler.ts";

/** Options of {@link whatIf}. */
export interface WhatIfOptions extends Partial<Omit<Options, "standard" | "estimators">> {
  /**
   * Estimates that are tried, by name: `calibrated` (the paper's, lengths in tokens), `uncalibrated`
   * (the same, but nothing is learned), `cap`, `oracle`, or an estimator of your own.
   * @default calibrated
   */
  readonly estimators?: readonly (string | NamedEstimator)[];
}

const CALIBRATED: NamedEstimator = {
  name: "calibrated",
  choice: paperEstimate({ counting: COUNTING_TOKENS }),
};
const UNCALIBRATED: NamedEstimator = {
  name: "uncalibrated",
  choice: paperEstimate({ counting: COUNTING_TOKENS, calibrator: CALIBRATION_OFF }),
};

function estimatorOf(choice: string | NamedEstimator): NamedEstimator {
  if (typeof choice !== "string") return choice;
  const own = [CALIBRATED, UNCALIBRATED, KNOWS_ALL].find(({ name }) => name === choice);
  if (own !== undefined) return own;
  if (ESTIMATORS.get(choice) !== undefined) return { name: choice, choice };
  const known = new Set([CALIBRATED.name, UNCALIBRATED.name, KNOWS_ALL.name, ...ESTIMATORS.names]);
  throw new InputError({
    file: "what-if options",
    field: "estimators",
    value: choice,
    expected: `one of ${[...known].join(", ")}`,
  });
}

/**
 * What another policy, estimate, dispatch rule or number of servers would have done to a log, with
 * intervals; see `src/what-if/what-if.ts`. Estimates are the paper's, counted in tokens, unless others
 * are named. The server is Qwen3-1.7B on an L4, unless another is given: the one L4 with a public log.
 *
 * @example
 * const log = await data.openBundled("burstgpt/BurstGPT_1_first999.csv");
 * const answer = await whatIf(log, { servers: [2, 3], promise: { ttft: 1 }, draws: 4 });
 * const [asItWas, ...others] = answer.alternatives;
 */
export async function whatIf(
  trace: ReadTrace,
  { estimators, server, ...options }: WhatIfOptions = {},
): Promise<WhatIfAnswer> {
  return await whatIfOf(trace, {
    ...options,
    server: server ?? serverFor({ model: "Qwen3-1.7B", gpu: "L4" }),
    standard: CALIBRATED,
    ...estimators && { estimators: estimators.map(estimatorOf) },
  });
}
