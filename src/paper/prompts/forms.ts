import type { Category } from "../categories.ts";

/**
 * A question with a hole for the topic: `prefix + " " + topic + suffix`.
 *
 * The prefix ends in a word and the suffix starts with punctuation or a space: the tokenizer of
 * Qwen1.5 never merges across such a seam, so the tokens of the pieces add up to those of the whole.
 */
export interface PromptForm {
  readonly prefix: string;
  readonly suffix: string;
}

/** Question forms per category; a form index is 0 … FORM_COUNT − 1. */
export const FORM_COUNT = 5;

/**
 * Five question forms a category, in our own words. Source of their number: driftsched reference,
 * "Workload".
 *
 * What the keyword classifier sees in them (without the label in the header) is part of the study:
 * four of five summary and report forms hold a keyword of their category, only two of five technical
 * ones do, short_qa has none. A form without a keyword is taken for short_qa.
 */
export const FORMS: Readonly<Record<Category, readonly PromptForm[]>> = {
  short_qa: [
    { prefix: "In one or two sentences, what is", suffix: " good for in production?" },
    { prefix: "Why would a small team bother with", suffix: "?" },
    { prefix: "Name the single most common mistake people make with", suffix: "." },
    { prefix: "Quick question: when is", suffix: " not worth the trouble?" },
    { prefix: "What is the first sign that", suffix: " has stopped working as intended?" },
  ],
  summary: [
    {
      prefix: "Summarize the main ideas behind",
      suffix: " for an engineer who goes on call next week.",
    },
    { prefix: "Give me a summary of", suffix: ", one or two paragraphs, no more." },
    {
      prefix: "Write a short summary that says which problem",
      suffix: " solves, how teams usually set it up, and where it tends to disappoint them.",
    },
    {
      prefix: "Our wiki page on",
      suffix:
        " has grown to nine screens. Please summarize what a newcomer must know, in plain words and " +
        "without product names.",
    },
    {
      prefix: "Condense what is known about",
      suffix: " into a few points that somebody can read over one coffee.",
    },
  ],
  technical: [
    {
      prefix: "Show working code that puts",
      suffix: " in place for a service with three replicas, and comment on the steps that matter.",
    },
    {
      prefix: "Describe the architecture behind",
      suffix: ": components, data flow, and what happens when one of them fails.",
    },
    {
      prefix: "Walk me through how",
      suffix: " works inside, step by step, with an example configuration.",
    },
    {
      prefix: "Which settings would you change first so that",
      suffix: " holds up at ten times the present load, and what does each of them cost us?",
    },
    {
      prefix: "We suspect that something is wrong with",
      suffix:
        " on the staging cluster. List the commands you would run, in order, and say what each output " +
        "would tell you.",
    },
  ],
  report: [
    {
      prefix: "Write a detailed report on",
      suffix:
        " for the platform group, with sections on goals, options, risks and a recommendation.",
    },
    {
      prefix: "Prepare a comprehensive review of",
      suffix:
        " as we practise it today, including a table of alternatives, the effort each would take, and " +
        "the questions that stay open.",
    },
    {
      prefix: "Draft a report that compares three approaches to",
      suffix: ", rates each by cost, effort and risk, and closes with a plan for two quarters.",
    },
    {
      prefix: "I need a detailed assessment of",
      suffix: " that I can hand to an auditor: present state, gaps, owners and dates.",
    },
    {
      prefix: "Put together a long document about",
      suffix:
        " for our steering committee. Cover the background, what we run today, what went wrong last " +
        "year, and what we should change.",
    },
  ],
};
