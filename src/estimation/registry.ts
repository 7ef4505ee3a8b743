import { Registry } from "../registry/registry.ts";
import type { EstimatorDefinition } from "./estimator.ts";
import { calibrated } from "./estimators/calibrated.ts";
import { cap } from "./estimators/cap.ts";

/** Every estimator, in the order of tables and figures. A new one is one file and one line here. */
export const ESTIMATORS = new Registry<EstimatorDefinition>(
  "estimator",
  [calibrated, cap] as readonly EstimatorDefinition[],
);
