import { InputError } from "../../errors/input-error.ts";
import { firstDifference, type StepDifference } from "./first-difference.ts";
import { type CoreConstructor, replay } from "./replay.ts";
import { parseScenario } from "./scenario.ts";

/** A scenario that a core decided otherwise. */
export interface DifferingScenario extends StepDifference {
  readonly file: string;
  /** 1-based line of the file. */
  readonly row: number;
  readonly id: string;
  /** Name of the core that differs. */
  readonly core: string;
}

/** What the scenarios of one file said. */
export interface FileVerdict {
  /** Scenarios that every core decided as vLLM did. */
  readonly identical: number;
  /** Scenarios read. */
  readonly total: number;
  readonly differing: readonly DifferingScenario[];
  /** Lines that are no scenario: not counted in `total`. */
  readonly refused: readonly InputError[];
}

/** Replays every line of a conformance file (`text`) with every core. Blank lines are no lines. */
export function judgeFile(
  text: string,
  file: string,
  cores: Readonly<Record<string, CoreConstructor>>,
): FileVerdict {
  const differing: DifferingScenario[] = [];
  const refused: InputError[] = [];
  let identical = 0, total = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const place = { file, row: index + 1 };
    let scenario;
    try {
      scenario = parseScenario(line, place);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused.push(error);
      continue;
    }
    total++;
    let same = true;
    for (const [core, Core] of Object.entries(cores)) {
      const difference = firstDifference(replay(scenario, Core), scenario.steps);
      if (difference === null) continue;
      same = false;
      differing.push({ ...place, id: scenario.id, core, ...difference });
    }
    if (same) identical++;
  }
  return { identical, total, differing, refused };
}
