import { z } from "zod";
import { InputError } from "../errors/input-error.ts";
import type { Scheduler } from "../gateway/scheduler.ts";
import { phaseEnd, type Workload } from "../workload/workload.ts";
import { batchSeconds } from "../servers/batch-seconds.ts";
import type { Service } from "./engine.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";

/** Options of the paper's worker. Source: driftsched reference, "Worker". */
export const MicroBatchOptions = z.strictObject({
  /** Requests in a batch at most. */
  maxBatch: z.int().min(1).max(256).default(32),
  /** Seconds for which a batch is gathered after its first request was pulled; 0: no wait. */
  windowSeconds: z.number().min(0).default(0.01),
  /** Seconds between two looks at an empty queue while a batch is gathered. */
  pollSeconds: z.number().positive().default(0.005),
  /** Seconds of sleep when there was nothing at all to pull. */
  idleSeconds: z.number().positive().default(1),
});
export type MicroBatchOptions = z.output<typeof MicroBatchOptions>;

/**
 * The paper's worker in virtual time: pull one request by the policy; then pull until the batch is
 * full or the window has passed, looking every `pollSeconds` while the queue is empty; serve the
 * batch to its longest member, all members sharing its start and finish; report them in batch
 * order. With nothing to pull it sleeps. A phase starts `afterDrainSeconds` after the queue of the
 * one before has emptied. At one instant a finished batch reports before an arrival is estimated.
 */
export function serveMicroBatches(
  workload: Workload,
  scheduler: Scheduler,
  { cost, ...options }: MicroBatchOptions & { readonly cost: StepCost },
): Service {
  const { requests, truth } = workload;
  const { maxBatch, windowSeconds, pollSeconds, idleSeconds } = options;
  const start = new Float64Array(requests.size).fill(NaN);
  const finish = new Float64Array(requests.size).fill(NaN);
  const batch = new Int32Array(requests.size).fill(-1);
  const batchSize = new Int32Array(requests.size).fill(-1);
  const phaseStart = new Float64Array(requests.phases.length);
  const members = new Int32Array(maxBatch);
  const lengths = { promptTokens: requests.promptTokens, outputTokens: truth.outputTokens };

  let phase = 0;
  let origin = 0;
  let end = phaseEnd(requests, 0);
  let arrived = 0;
  let now = 0;
  let batches = 0;

  // A phase's clock may start while the last batch of the one before is still being served: its
  // first arrivals must be estimated before that batch reports.
  const startPhases = () => {
    while (arrived === end && scheduler.waiting === 0 && phase + 1 < requests.phases.length) {
      origin = now + requests.phases[++phase].afterDrainSeconds;
      end = phaseEnd(requests, phase);
      phaseStart[phase] = origin;
    }
  };
  const nextArrival = () => arrived < end ? origin + requests.arrival[arrived] : Infinity;
  const admitNext = () => {
    scheduler.admit(arrived, nextArrival());
    arrived++;
  };
  const admitBefore = (instant: number) => {
    while (nextArrival() < instant) admitNext();
  };
  const admitUpTo = (instant: number) => {
    while (nextArrival() <= instant) admitNext();
  };

  startPhases();
  while (arrived < end || scheduler.waiting > 0) {
    admitUpTo(now);
    if (scheduler.waiting === 0) {
      const sleeps = Math.max(1, Math.ceil((nextArrival() - now) / idleSeconds));
      now += sleeps * idleSeconds;
      continue;
    }
    const pulled = now;
    let size = 0;
    for (let look = 0;; look++) {
      now = pulled + look * pollSeconds;
      if (look > 0 && look * pollSeconds >= windowSeconds) break;
      admitUpTo(now);
      while (size < maxBatch && scheduler.waiting > 0) members[size++] = scheduler.next(now);
      startPhases();
      if (size === maxBatch || windowSeconds === 0) break;
    }
    const gathered = members.subarray(0, size);
    const seconds = batchSeconds(gathered, lengths, cost);
    if (!(seconds >= 0 && seconds < Infinity)) {
      throw new InputError({
        file: `step cost ${cost.name}`,
        value: seconds,
        expected: `a finite number of seconds for a batch of ${size} requests`,
      });
    }
    const done = now + seconds;
    for (const member of gathered) {
      start[member] = now;
      finish[member] = done;
      batch[member] = batches;
      batchSize[member] = size;
    }
    batches++;
    admitBefore(done);
    for (const member of gathered) {
      scheduler.observe(member, {
        outputTokens: truth.outputTokens[member],
        outputWords: truth.outputWords?.[member],
      });
    }
    now = done;
  }
  return {
    status: new Uint8Array(requests.size),
    start,
    firstToken: new Float64Array(requests.size).fill(NaN),
    finish,
    batch,
    batchSize,
    phaseStart,
  };
}
