import { type Choice, choose, type Chosen } from "../../registry/choice.ts";
import { Registry } from "../../registry/registry.ts";
import { adwin } from "./adwin.ts";
import { ddm } from "./ddm.ts";
import type { DriftDetector, DriftDetectorDefinition } from "./detector.ts";
import { pageHinkley } from "./page-hinkley.ts";

/** Every drift detector, in the order of tables and figures. A new one is one file and one line here. */
export const DETECTORS = new Registry<DriftDetectorDefinition>(
  "detector",
  [pageHinkley, adwin, ddm] as readonly DriftDetectorDefinition[],
);

/**
 * Finds the detector that a choice means, with its options parsed; ADWIN where nothing is said. An
 * InputError names what is wrong and what is known.
 *
 * @param file what the choice was read from, for messages
 */
export function chooseDetector(
  choice: Choice<DriftDetectorDefinition> | undefined,
  file = "parameters",
): Chosen<DriftDetectorDefinition> {
  return choose(choice, { registry: DETECTORS, standard: adwin as DriftDetectorDefinition, file });
}

/**
 * Makes the detector that a choice means; ADWIN where nothing is said.
 *
 * @example
 * estimation.createDetector("page-hinkley");
 * estimation.createDetector({ name: "page-hinkley", options: { threshold: 10 } });
 */
export function createDetector(
  choice?: Choice<DriftDetectorDefinition>,
  file = "parameters",
): DriftDetector {
  const { definition, options } = chooseDetector(choice, file);
  return definition.create(options);
}
