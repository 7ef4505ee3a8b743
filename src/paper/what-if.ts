import type { ReadTrace } from "../workload/readers/trace-format.ts";
import type { NamedEstimator } from "../what-if/alternative.ts";
import { KNOWS_ALL } from "../what-if/alternative.ts";
import type { WhatIfAnswer } from "../what-if/answer.ts";
import { whatIf as whatIfOf, type WhatIfOptions as Options } from "../what-if/what-if.ts";
import { InputError } from "../errors/input-error.ts";
import type { CalibratedOptionsInput } from "../estimation/estimators/calibrated-options.ts";
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
  /** What of the paper's estimate is changed: base tokens by category, say. @default nothing */
  readonly estimate?: CalibratedOptionsInput;
}

/** The paper's estimate in tokens, and the same without learning. */
function paperEstimates(
  changes: CalibratedOptionsInput,
): readonly [NamedEstimator, NamedEstimator] {
  const tokens = { counting: COUNTING_TOKENS, ...changes };
  return [
    { name: "calibrated", choice: paperEstimate(tokens) },
    { name: "uncalibrated", choice: paperEstimate({ ...tokens, calibrator: CALIBRATION_OFF }) },
  ];
}

function estimatorNamed(name: string, own: readonly NamedEstimator[]): NamedEstimator {
  const found = own.find((each) => each.name === name);
  if (found !== undefined) return found;
  if (ESTIMATORS.get(name) !== undefined) return { name, choice: name };
  throw new InputError({
    file: "what-if options",
    field: "estimators",
    value: name,
    expected: `one of ${
      [...new Set([...own.map((each) => each.name), ...ESTIMATORS.names])].join(", ")
    }`,
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
  { estimators, estimate = {}, server, ...options }: WhatIfOptions = {},
): Promise<WhatIfAnswer> {
  const [calibrated, uncalibrated] = paperEstimates(estimate);
  const own = [calibrated, uncalibrated, KNOWS_ALL];
  return await whatIfOf(trace, {
    ...options,
    server: server ?? serverFor({ model: "Qwen3-1.7B", gpu: "L4" }),
    standard: calibrated,
    ...estimators && {
      estimators: estimators.map((each) =>
        typeof each === "string" ? estimatorNamed(each, own) : each
      ),
    },
  });
}
