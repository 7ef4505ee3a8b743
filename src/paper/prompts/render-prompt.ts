import { FORM_COUNT, FORMS } from "./forms.ts";
import { type PromptHeader, renderHeader } from "./header.ts";
import { TOPIC_COUNT, TOPICS } from "./topics.ts";

/** Everything that determines a prompt's text. */
export interface PromptSpec extends PromptHeader {
  /** Index of the question form in its category, 0 … FORM_COUNT − 1. */
  readonly form: number;
  /** Index of the topic, 0 … TOPIC_COUNT − 1. */
  readonly topic: number;
}

function assertIndex(name: string, value: number, bound: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= bound) {
    throw new RangeError(
      `Cannot use ${name} ${value} in a prompt: expected an integer in 0…${bound - 1}`,
    );
  }
}

/** Throws a RangeError where a number of `spec` names no prompt. */
export function assertPromptSpec(spec: PromptSpec): void {
  assertIndex("form", spec.form, FORM_COUNT);
  assertIndex("topic", spec.topic, TOPIC_COUNT);
  assertIndex("request", spec.request, Number.MAX_SAFE_INTEGER);
}

/**
 * The text of a prompt: header line, then the question about the topic (driftsched reference,
 * "Workload"). Throws a RangeError where an index is out of range.
 *
 * @example
 * paper.renderPrompt({ request: 17, tenant: "premium", category: "short_qa", form: 1, topic: 0,
 *   labelInHeader: false });
 * // "[request 17 | tenant premium]\nWhy would a small team bother with connection pooling?"
 */
export function renderPrompt(spec: PromptSpec): string {
  assertPromptSpec(spec);
  const { prefix, suffix } = FORMS[spec.category][spec.form];
  return `${renderHeader(spec)}${prefix} ${TOPICS[spec.topic]}${suffix}`;
}
