import * as z from "zod";
import { parseWith } from "../errors/parse-with.ts";
import type { EstimatorDefinition } from "../estimation/estimator.ts";
import { calibrated } from "../estimation/estimators/calibrated.ts";
import { ESTIMATORS } from "../estimation/registry.ts";
import type { PolicyDefinition } from "../policies/policy.ts";
import { choosePolicy } from "../policies/registry.ts";
import {
  type Choice,
  type ChoiceRecord,
  choose,
  type Chosen,
  recordOf,
} from "../registry/choice.ts";

/**
 * Order in which answers are learned from: as they are completed (a biased sample: short answers
 * report first), or in order of `arrival`, each held back until every earlier arrival has reported.
 */
export const FeedbackOrder = z.enum(["completion", "arrival"]);
export type FeedbackOrder = z.output<typeof FeedbackOrder>;

/** Options of the {@link Scheduler}, as a user gives them. */
export interface SchedulerOptionsInput {
  /** Who goes next: a policy's name, `{ name, options }`, or its definition. @default "fifo" */
  readonly policy?: Choice<PolicyDefinition>;
  /**
   * How long answers will be: an estimator's name, `{ name, options }`, or its definition; options
   * without a name are those of the default. @default "calibrated"
   */
  readonly estimator?: Choice<EstimatorDefinition>;
  /** @default "completion" */
  readonly feedbackOrder?: FeedbackOrder;
}

/** Options of the {@link Scheduler}, parsed: definitions and their options. */
export interface SchedulerOptions {
  readonly policy: Chosen<PolicyDefinition>;
  readonly estimator: Chosen<EstimatorDefinition>;
  readonly feedbackOrder: FeedbackOrder;
}

/** {@link SchedulerOptions} as a file can hold them. */
export interface SchedulerRecordOptions {
  readonly policy: ChoiceRecord;
  readonly estimator: ChoiceRecord;
  readonly feedbackOrder: FeedbackOrder;
}

const FILE = "scheduler options";

const Fields = z.strictObject({
  policy: z.unknown().optional(),
  estimator: z.unknown().optional(),
  feedbackOrder: FeedbackOrder.default("completion"),
});

/** Parses options of the scheduler; an InputError names what is wrong, and what is known. */
export function parseSchedulerOptions(input: SchedulerOptionsInput = {}): SchedulerOptions {
  const { policy, estimator, feedbackOrder } = parseWith(Fields, input, FILE);
  return {
    policy: choosePolicy(policy as Choice<PolicyDefinition> | undefined, FILE),
    estimator: choose(estimator as Choice<EstimatorDefinition> | undefined, {
      registry: ESTIMATORS,
      standard: calibrated as EstimatorDefinition,
      file: FILE,
    }),
    feedbackOrder,
  };
}

/**
 * Options as a file can hold them: names and plain values. What is read back from them is the same
 * scheduler where its definitions are registered there too.
 */
export function recordOfScheduler(
  { policy, estimator, feedbackOrder }: SchedulerOptions,
): SchedulerRecordOptions {
  return { policy: recordOf(policy), estimator: recordOf(estimator), feedbackOrder };
}

/**
 * {@link SchedulerOptionsInput} as a schema, for options that hold them among others. What is wrong is
 * thrown as an InputError that names the field.
 */
export const SchedulerSchema = z.custom<SchedulerOptionsInput | undefined>().optional()
  .transform((input): SchedulerOptions => parseSchedulerOptions(input));
