// Buckets of vLLM 0.30's histograms, as a recorded `/metrics` answer shows them.

export const TIME_TO_FIRST_TOKEN = [
  .001,
  .005,
  .01,
  .02,
  .04,
  .06,
  .08,
  .1,
  .25,
  .5,
  .75,
  1,
  2.5,
  5,
  7.5,
  10,
  20,
  40,
  80,
  160,
  640,
  2560,
];

/** Inter-token latency, and time per output token of a request. */
export const PER_TOKEN = [
  .01,
  .025,
  .05,
  .075,
  .1,
  .15,
  .2,
  .3,
  .4,
  .5,
  .75,
  1,
  2.5,
  5,
  7.5,
  10,
  20,
  40,
  80,
];

/** End to end, queue, prefill, decode, inference. */
export const REQUEST_SECONDS = [
  .3,
  .5,
  .8,
  1,
  1.5,
  2,
  2.5,
  5,
  10,
  15,
  20,
  30,
  40,
  50,
  60,
  120,
  240,
  480,
  960,
  1920,
  7680,
];

export const ITERATION_TOKENS = [
  1,
  8,
  16,
  32,
  64,
  128,
  256,
  512,
  1024,
  2048,
  4096,
  8192,
  16384,
];

export const ANSWERS = [1, 2, 5, 10, 20];
export const PREEMPTIONS = [1, 2, 3, 4, 5, 10, 20];

/** 1, 2, 5, 10, 20, 50… up to the longest context. */
export function tokenBuckets(maxModelLen: number): number[] {
  const buckets: number[] = [];
  for (let decade = 1; decade <= maxModelLen; decade *= 10) {
    for (const factor of [1, 2, 5]) {
      if (factor * decade <= maxModelLen) buckets.push(factor * decade);
    }
  }
  return buckets;
}

/** Seconds of HTTP requests, all together and by handler. */
export const HTTP_SECONDS = [
  .01,
  .025,
  .05,
  .075,
  .1,
  .25,
  .5,
  .75,
  1,
  1.5,
  2,
  2.5,
  3,
  3.5,
  4,
  4.5,
  5,
  7.5,
  10,
  30,
  60,
];
export const HTTP_HANDLER_SECONDS = [.1, .5, 1];

/** Ours: how late the twin writes. */
export const LATENESS = [.0005, .001, .002, .005, .01, .02, .05, .1, .5, 1];
