/**
 * What the runner and its hooks in the kernel agree on. Everything else in this folder runs INSIDE
 * the kernel: the set-up cell imports it by its URL.
 */

/** Type of the output message that marks how far the kernel has published; front ends ignore it. */
export const FENCE_MESSAGE = "driftsched_fence";

/** Type of the output message that reports an error nobody waited for. */
export const STRAY_MESSAGE = "driftsched_stray";

/** `Symbol.for` of this is where the set-up leaves the {@link RunnerHooks} for later requests. */
export const HOOKS_SYMBOL = "driftsched.runnerHooks";

/** What later requests of the runner can call in the kernel. */
export interface RunnerHooks {
  /** Returns when everything queued so far has reached the runner. */
  fence(): void;
  /**
   * Waits for late output and errors: `least` ms, and up to `most` ms where the cells have left a
   * worker alive or a timer that is due by then; then for all displays; then fences.
   */
  settle(least: number, most: number): Promise<void>;
}
