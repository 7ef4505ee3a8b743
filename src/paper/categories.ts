/** Request categories (job types) of the paper. Source: driftsched reference, "Workload". */
export const CATEGORIES = Object.freeze(["short_qa", "summary", "technical", "report"] as const);
export type Category = (typeof CATEGORIES)[number];

/**
 * Cap on output tokens (`max_tokens`) per category; also the base of its estimate. Source: driftsched
 * reference, "Workload" and "Admission estimate".
 */
export const CATEGORY_CAPS: Readonly<Record<Category, number>> = Object.freeze({
  short_qa: 64,
  summary: 256,
  technical: 384,
  report: 512,
});
