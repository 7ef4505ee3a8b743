import { InputError } from "../../errors/input-error.ts";
import type { IterationLog } from "./engine-iterations.ts";

/** Steps with more tokens than sequences from which on they are told by when they come, and by size. */
const STEPS_NEEDED = 5;
const SIZES_NEEDED = 20;
/** Sequences from which on it takes more than chance for extra tokens to be as many for each. */
const SEQUENCES_NEEDED = 4;
/** A preempted request left because no block was free: with this share in use many are. */
const FREE_USAGE = 0.5;
/** Share of the decode steps that recompute even where the cache thrashes, at most. */
const MOST_RECOMPUTE = 0.5;
/** Draft tokens of a sequence in a step at most, and the share of steps that must keep to it. */
const MOST_DRAFTS = 16;
const DRAFTED_ALIKE = 0.95;
/** Share of the steps into which no request came back. */
const NONE_CAME_BACK = 0.9;

/** Steps of an engine that process more tokens than they have sequences past the first token. */
export interface ExtraTokens {
  /** Steps with such sequences, and those of them with extra tokens. */
  readonly steps: number;
  readonly extra: number;
  /** Whether the extra tokens are drafts of speculative decoding, and by what that is known. */
  readonly drafts: string | null;
}

/**
 * Tells draft tokens from the recomputation of preempted requests; the log counts both among the
 * tokens generated. A request that recomputes was preempted for want of blocks, comes back into the
 * batch, and brings its whole past at once. So extra tokens are drafts where
 *
 * - the log says so (`SpecDecoding metrics`), or
 * - most of them come while half of the blocks are free, or
 * - half of all steps have them, or
 * - most of them are the same whole number for each sequence, or
 * - they come to batches into which nobody came back, at most 16 a sequence.
 */
export function extraTokens(log: IterationLog): ExtraTokens {
  const { size, generationRequests, generationTokens, contextRequests, kvUsage, follows } = log;
  let steps = 0, extra = 0, few = 0, nobody = 0, free = 0, many = 0, even = 0;
  for (let i = 0; i < size; i++) {
    const sequences = generationRequests[i];
    if (sequences === 0) continue;
    steps++;
    const more = generationTokens[i] - sequences;
    if (more <= 0) continue;
    extra++;
    const asDrafts = more <= MOST_DRAFTS * sequences;
    if (asDrafts) few++;
    if (sequences >= SEQUENCES_NEEDED) {
      many++;
      if (asDrafts && more % sequences === 0) even++;
    }
    if (kvUsage[i] < FREE_USAGE) free++;
    const known = i > 0 && follows?.[i] !== 0;
    if (known && sequences <= generationRequests[i - 1] + contextRequests[i - 1]) nobody++;
  }
  const why = () => {
    if (log.speculates) return "the log has lines of `SpecDecoding metrics`";
    if (extra > MOST_RECOMPUTE * steps) return "too many for recomputation after preemptions";
    if (extra >= STEPS_NEEDED && free > extra / 2) {
      return "most of these while half of the KV cache is free";
    }
    if (many >= SIZES_NEEDED && even > many / 2) return "most of these as many for each sequence";
    if (extra < SIZES_NEEDED) return null;
    if (few >= DRAFTED_ALIKE * extra && nobody >= NONE_CAME_BACK * extra) {
      return `at most ${MOST_DRAFTS} a sequence, and no request came back into the batch`;
    }
    return null;
  };
  return { steps, extra, drafts: why() };
}

/** Refuses a log of speculative decoding: its steps cost drafts, which no server here has. */
export function refuseDrafts(log: IterationLog): void {
  const { steps, extra, drafts } = extraTokens(log);
  if (drafts === null) return;
  throw new InputError({
    file: log.source,
    expected: "a server without speculative decoding: " +
      `${extra} of ${steps} decode steps of engine ${
        log.engine ?? 0
      } have more tokens than sequences, ` +
      `which are draft tokens (${drafts})`,
  });
}
