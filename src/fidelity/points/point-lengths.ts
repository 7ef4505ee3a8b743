import { exp } from "../../math/exp.ts";
import { log } from "../../math/log.ts";
import { normalQuantile } from "../../math/normal-distribution.ts";
import type { MeasuredRow } from "./measured-point.ts";

/** Lengths of a point's requests. Shape (n). */
export interface PointLengths {
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  /** What of it is not published and was assumed; null: nothing. */
  readonly assumed: string | null;
}

/**
 * Shares that fill (0, 1) evenly, those of two bases independently of each other (van der Corput): so a
 * few hundred lengths have the shape of their distribution without luck.
 */
function evenShare(index: number, base: number): number {
  let share = 0, part = 1 / base;
  for (let rest = index + 1; rest > 0; rest = Math.floor(rest / base)) {
    share += part * (rest % base);
    part /= base;
  }
  return share;
}

/** Bounds and shape of a log-normal length. */
interface LogNormal {
  readonly median: number;
  readonly sigma: number;
  readonly least: number;
  readonly most: number;
}

function logNormalLengths(n: number, base: number, of: LogNormal): Int32Array<ArrayBuffer> {
  const { median, sigma, least, most } = of;
  return Int32Array.from({ length: n }, (_, i) => {
    const length = exp(log(median) + sigma * normalQuantile(evenShare(i, base)));
    return Math.min(most, Math.max(least, Math.round(length)));
  });
}

const sum = (values: Int32Array) => values.reduce((total, each) => total + each, 0);

/** Log-normal lengths whose sum comes nearest to `total`. */
function lengthsOfTotal(n: number, base: number, total: number, of: Omit<LogNormal, "median">) {
  let low = log(of.least), high = log(of.most);
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    const found = sum(logNormalLengths(n, base, { ...of, median: exp(middle) }));
    if (found < total) low = middle;
    else high = middle;
  }
  return logNormalLengths(n, base, { ...of, median: exp(high) });
}

/** All alike, except that they add up to the total. */
function alike(n: number, total: number): Int32Array<ArrayBuffer> {
  return Int32Array.from(
    { length: n },
    (_, i) => Math.max(1, Math.round(total * (i + 1) / n) - Math.round(total * i / n)),
  );
}

const numberIn = (text: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found.replaceAll(",", ""));
};

/**
 * Lengths of ShareGPT as vLLM's benchmark samples it: prompts of 4 to 1,024 tokens, answers from 4, and
 * 2,048 together. The spread is assumed: only totals are published with a point.
 */
const SHAREGPT = { least: 4, most: 1024, sigmaOfPrompts: 1.4, sigmaOfAnswers: 1.1 };

/**
 * Lengths of `n` requests of a measured point: fixed ones, those of a stated distribution, or such that
 * add up to the stated totals. null where nothing is said of them.
 */
export function lengthsOf(row: MeasuredRow, n: number): PointLengths | null {
  const { input_len: input, output_len: output, lengths_note: note } = row;
  const prompts = numberIn(note, /([\d,]+) prompt\b/);
  const answers = numberIn(note, /([\d,]+) in all/) ??
    numberIn(note, /([\d,]+) output tokens/);
  const logNormal = /prompt lognormal median (\d+) sigma ([\d.]+) in (\d+)-(\d+)/.exec(note);
  const fixed = (length: number) => new Int32Array(n).fill(length);
  if (logNormal !== null && output !== undefined) {
    const [median, sigma, least, most] = logNormal.slice(1).map(Number);
    return {
      promptTokens: logNormalLengths(n, 2, { median, sigma, least, most }),
      outputTokens: fixed(output),
      assumed: null,
    };
  }
  if (/ShareGPT/.test(note) && prompts !== undefined && answers !== undefined) {
    const { least, most, sigmaOfPrompts, sigmaOfAnswers } = SHAREGPT;
    return {
      promptTokens: lengthsOfTotal(n, 2, prompts, { least, most, sigma: sigmaOfPrompts }),
      outputTokens: lengthsOfTotal(n, 3, answers, { least, most, sigma: sigmaOfAnswers }),
      assumed: "spread of ShareGPT's lengths around their published totals",
    };
  }
  const upTo = numberIn(note, /^up to (\d+) output tokens/);
  if (upTo !== undefined && answers !== undefined && input !== undefined) {
    return belowCap(fixed(input), answers / n, upTo);
  }
  if (input !== undefined && output !== undefined) {
    const average = /average about (\d+)-(\d+)/.exec(note);
    if (average !== null) {
      return belowCap(fixed(input), (Number(average[1]) + Number(average[2])) / 2, output);
    }
    return {
      promptTokens: prompts === undefined ? fixed(input) : alike(n, prompts),
      outputTokens: answers === undefined ? fixed(output) : alike(n, answers),
      assumed: null,
    };
  }
  return shortChats(note, n, output);
}

/** Answers between a cap and as far below their mean as that lies above, each length as often. */
function belowCap(promptTokens: Int32Array, mean: number, cap: number): PointLengths {
  const from = Math.max(1, 2 * mean - cap);
  const outputTokens = Int32Array.from(
    promptTokens,
    (_, i) => Math.round(from + (cap - from) * evenShare(i, 2)),
  );
  return { promptTokens, outputTokens, assumed: "spread of answers below their cap" };
}

/** Tokens of a short chat's prompt, and of its answer where only a cap is said. */
const SHORT_PROMPT = 64;
const SHORT_ANSWER = 128;

/** Lengths of a single short request or a short chat: TPOT hardly depends on them. */
function shortChats(note: string, n: number, output?: number): PointLengths | null {
  if (!/short|single request/.test(note) && !/^real prompts/.test(note)) return null;
  const cap = numberIn(note, /up to (\d+) output tokens/);
  return {
    promptTokens: new Int32Array(n).fill(SHORT_PROMPT),
    outputTokens: new Int32Array(n).fill(output ?? cap ?? SHORT_ANSWER),
    assumed: "short prompts and answers up to their cap: TPOT alone is compared",
  };
}
