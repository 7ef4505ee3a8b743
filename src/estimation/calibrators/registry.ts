import { parseWith } from "../../errors/parse-with.ts";
import { Registry } from "../../registry/registry.ts";
import type { Calibrator, CalibratorDefinition } from "./calibrator.ts";
import { ema } from "./ema.ts";
import { mean } from "./mean.ts";
import { none } from "./none.ts";

/** Every calibrator. A new one is one file and one line here. */
export const CALIBRATORS = new Registry<CalibratorDefinition>(
  "calibrator",
  [none, ema, mean] as readonly CalibratorDefinition[],
);

/** Makes calibrator `name` for `keys` categories; `options` are checked by its own schema. */
export function createCalibrator(name: string, keys: number, options: unknown = {}): Calibrator {
  const found = CALIBRATORS.named(name);
  return found.create(keys, parseWith(found.options, options, `options of calibrator ${name}`));
}
