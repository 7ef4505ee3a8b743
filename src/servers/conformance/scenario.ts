import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { InputError } from "../../errors/input-error.ts";
import { contentOfPieces, type Piece } from "../../workload/content-of-pieces.ts";
import type { PromptContent } from "../../workload/prompt-content.ts";
import { type ServerConfig, ServerFields } from "../continuous/config.ts";

const Count = z.int().min(0);
const Scheduled = z.array(z.tuple([Count, z.int().min(1)]));

/** Tokens of a prompt, or the pieces `[text, from, tokens]` that it consists of. */
const Prompt = z.union([
  z.int().min(1),
  z.array(z.tuple([z.int(), Count, z.int().min(1)])).min(1),
]);

/**
 * The files' name for the policy, and no rule on how fields fit together: these configurations were
 * given to vLLM's scheduler class itself, which starts without the server's checks.
 */
const ScenarioConfig = ServerFields.omit({ scheduling_policy: true })
  .extend({
    policy: ServerFields.shape.scheduling_policy,
    enable_prefix_caching: z.boolean().default(false),
  });

const ScenarioLine = z.strictObject({
  id: z.string(),
  vllm: z.string(),
  config: ScenarioConfig,
  requests: z.array(z.tuple([Count, Prompt, z.int().min(1), z.int()])),
  steps: z.array(
    z.tuple([Count, z.int().min(1), Scheduled, z.array(Count), z.array(Count)])
      .rest(Scheduled),
  ),
  /** By request, where answers end before their cap by an end-of-sequence token. */
  max_tokens: z.array(z.int().min(1)).optional(),
  /** `[step, request]`: clients that are gone before that call of `schedule()`. */
  aborts: z.array(z.tuple([Count, Count])).optional(),
}).superRefine(({ requests, max_tokens, aborts = [] }, context) => {
  const refuse = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  if (max_tokens !== undefined && max_tokens.length !== requests.length) {
    refuse(["max_tokens"], `one for each of the ${requests.length} requests`);
  }
  for (const [i, most] of (max_tokens ?? []).entries()) {
    if (i < requests.length && most < requests[i][2]) {
      refuse(["max_tokens", i], `at least the request's output_tokens (${requests[i][2]})`);
    }
  }
  for (const [i, [, request]] of aborts.entries()) {
    if (request >= requests.length) {
      refuse(["aborts", i, 1], `a request's number, below ${requests.length}`);
    }
  }
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
  /**
   * `[request, tokens]`, ascending: requests admitted in the first of the steps of which tokens came
   * from the prefix cache.
   */
  readonly cached: readonly (readonly [number, number])[];
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
  /** What prompts consist of; absent: they share nothing. */
  readonly content?: PromptContent;
  /** Shape (n); absent: every answer ends at its cap. */
  readonly maxTokens?: Int32Array;
  /** `[call of schedule(), request]`: taken out before that call, after its arrivals. */
  readonly aborts?: readonly (readonly [number, number])[];
  readonly steps: readonly StepRun[];
}

/**
 * Reads one line of a conformance file: one JSON object, the format of the vLLM conformance vectors.
 * Three keys may stand beside theirs: `max_tokens`, `aborts` and, in `config`,
 * `enable_chunked_prefill`. A prompt may be a number of tokens or a list of pieces; text `-1 - r` is
 * the answer of request r.
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
    const { id, vllm, config: { policy, ...config }, requests, steps, max_tokens, aborts } =
      parseWith(ScenarioLine, value, place.file);
    const column = (field: 0 | 2 | 3) => Int32Array.from(requests, (request) => request[field]);
    const prompts = requests.map(([, prompt]) => prompt);
    return {
      id,
      vllm,
      config: { ...config, scheduling_policy: policy },
      arrivalStep: column(0),
      promptTokens: Int32Array.from(prompts, lengthOf),
      outputTokens: column(2),
      priority: column(3),
      ...prompts.every((prompt) => typeof prompt === "object") &&
        { content: contentOfPieces(prompts) },
      maxTokens: max_tokens && Int32Array.from(max_tokens),
      aborts,
      steps: steps.map(([at, repeats, scheduled, preempted, finished, cached = []]) => ({
        at,
        repeats,
        scheduled,
        preempted,
        finished,
        cached,
      })),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.problems.map((problem) => ({ ...problem, row: place.row })));
  }
}

function lengthOf(prompt: number | readonly Piece[]): number {
  return typeof prompt === "number"
    ? prompt
    : prompt.reduce((sum, [, , tokens]) => sum + tokens, 0);
}
