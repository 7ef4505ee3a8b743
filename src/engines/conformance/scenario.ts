import { z } from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { InputError } from "../../errors/input-error.ts";
import { type ServerConfig, ServerFields } from "../continuous/config.ts";

const Count = z.int().min(0);
const Scheduled = z.array(z.tuple([Count, z.int().min(1)]));

/**
 * The files' name for the policy, and no rule on how fields fit together: these configurations were
 * given to vLLM's scheduler class itself, which starts without the server's checks.
 */
const ScenarioConfig = ServerFields.omit({ scheduling_policy: true, enable_chunked_prefill: true })
  .extend({ policy: ServerFields.shape.scheduling_policy });

const ScenarioLine = z.strictObject({
  id: z.string(),
  vllm: z.string(),
  config: ScenarioConfig,
  requests: z.array(z.tuple([Count, z.int().min(1), z.int().min(1), z.int()])),
  steps: z.array(z.tuple([Count, z.int().min(1), Scheduled, z.array(Count), z.array(Count)])),
});

/** `repeats` steps in a row, from call `at` of `schedule()` on, with the same batch. */
export interface StepRun {
  readonly at: number;
  readonly repeats: number;
  /** `[request, tokens]` in the scheduler's order. */
  readonly scheduled: readonly (readonly [number, number])[];
  /** Requests preempted in the first of the steps, ascending. */
  readonly preempted: readonly number[];
  /** Requests finished by the last of the steps, ascending. */
  readonly finished: readonly number[];
}

/** A workload, a configuration, and every decision that vLLM's own scheduler made on them. */
export interface Scenario {
  readonly id: string;
  /** Version of vLLM. */
  readonly vllm: string;
  readonly config: ServerConfig;
  /** Shape (n): the call of `schedule()` before which the request was added. */
  readonly arrivalStep: Int32Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  readonly priority: Int32Array;
  readonly steps: readonly StepRun[];
}

/**
 * Reads one line of a conformance file: one JSON object, the format of the vLLM conformance vectors.
 * @param place file and 1-based row, for the {@link InputError}
 */
export function parseScenario(line: string, place: { file: string; row: number }): Scenario {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new InputError({ ...place, value: line, expected: `JSON: ${(error as Error).message}` });
  }
  try {
    const { id, vllm, config: { policy, ...config }, requests, steps } = parseWith(
      ScenarioLine,
      value,
      place.file,
    );
    const column = (field: number) => Int32Array.from(requests, (request) => request[field]);
    return {
      id,
      vllm,
      config: { ...config, scheduling_policy: policy, enable_chunked_prefill: true },
      arrivalStep: column(0),
      promptTokens: column(1),
      outputTokens: column(2),
      priority: column(3),
      steps: steps.map(([at, repeats, scheduled, preempted, finished]) => ({
        at,
        repeats,
        scheduled,
        preempted,
        finished,
      })),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.problems.map((problem) => ({ ...problem, row: place.row })));
  }
}
