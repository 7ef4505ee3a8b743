import { readIterationLog } from "../../../../src/fidelity/fit/iteration-log.ts";

/**
 * What the same server prints every `seconds` seconds without iteration details: means over the
 * window, and the load at its end. vLLM credits a whole prompt to the window of its first token.
 */
export function statsOfIterations(lines: readonly string[], seconds = 10): string[] {
  const log = readIterationLog(lines.join("\n"), "iterations");
  const printed: string[] = [];
  let prompt = 0, unfinished = 0, generated = 0;
  for (let i = 0; i < log.size; i++) {
    const window = Math.floor(log.printedAt[i] / seconds);
    const running = log.generationRequests[i] + log.contextRequests[i];
    unfinished += log.contextTokens[i];
    const next = i + 1 < log.size ? log.generationRequests[i + 1] : 0;
    generated += log.generationRequests[i];
    // A prompt is through where its sequence decodes in the next step.
    const through = Math.max(0, Math.min(log.contextRequests[i], next - log.generationRequests[i]));
    if (through > 0 || log.contextRequests[i + 1] === 0) {
      generated += through;
      prompt += unfinished;
      unfinished = 0;
    }
    if (i + 1 < log.size && Math.floor(log.printedAt[i + 1] / seconds) === window) continue;
    const at = new Date(Date.UTC(2000, 0, 1) + 1000 * (window + 1) * seconds).toISOString();
    printed.push(
      `(APIServer pid=7) INFO ${at.slice(5, 10)} ${
        at.slice(11, 19)
      } [loggers.py:310] Engine 000: ` +
        `Avg prompt throughput: ${(prompt / seconds).toFixed(1)} tokens/s, ` +
        `Avg generation throughput: ${(generated / seconds).toFixed(1)} tokens/s, ` +
        `Running: ${running} reqs, Waiting: 0 reqs, ` +
        `GPU KV cache usage: ${(100 * log.kvUsage[i]).toFixed(1)}%, Prefix cache hit rate: 0.0%`,
    );
    prompt = generated = 0;
  }
  return printed;
}
