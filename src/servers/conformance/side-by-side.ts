import type { Decision, StepDifference } from "./first-difference.ts";

const REQUESTS_A_LINE = 4;

function decisionLines(decision: Decision): string[] {
  if (decision === null) return ["no such step"];
  const { scheduled, preempted, finished, cached } = decision;
  const pairs = scheduled.map(([request, tokens]) => `${request}×${tokens}`);
  const lines = [`${scheduled.length} scheduled (request×tokens)`];
  for (let i = 0; i < pairs.length; i += REQUESTS_A_LINE) {
    lines.push(`  ${pairs.slice(i, i + REQUESTS_A_LINE).join(" ")}`);
  }
  lines.push(`preempted ${preempted.join(" ") || "–"}`, `finished  ${finished.join(" ") || "–"}`);
  if (cached.length > 0) {
    lines.push(`cached    ${cached.map(([request, tokens]) => `${request}×${tokens}`).join(" ")}`);
  }
  return lines;
}

/** A differing step for people: ours on the left, vLLM's on the right, `≠` between unequal lines. */
export function sideBySide({ ours, vllm }: StepDifference): string {
  const left = ["ours", ...decisionLines(ours)], right = ["vLLM", ...decisionLines(vllm)];
  const width = Math.max(...left.map((line) => line.length));
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const a = left[i] ?? "", b = right[i] ?? "";
    return `  ${a.padEnd(width)} ${i > 0 && a !== b ? "≠" : "|"} ${b}`.trimEnd();
  }).join("\n");
}
