import type { StepCost } from "../../src/servers/costs/step-cost.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { referencePolicy } from "../policies/reference-policies.ts";

/** Settings of {@link naiveWorker}, all of them spelled out. */
export interface NaiveOptions {
  readonly policy: string;
  readonly calibrate: boolean;
  readonly learnAgainst: "base" | "estimate";
  readonly feedbackOrder: "completion" | "arrival";
  readonly maxBatch: number;
  readonly windowSeconds: number;
  readonly pollSeconds: number;
  readonly idleSeconds: number;
  readonly cost: StepCost;
}

/** What the naive worker did; arrays by row. */
export interface NaiveRun {
  readonly arrival: number[];
  /** Calibration factor that the estimate was made with. */
  readonly factor: number[];
  readonly estimatedOutput: number[];
  readonly start: number[];
  readonly finish: number[];
  readonly batch: number[];
  readonly batchSize: number[];
  /** Rows in the order in which they were learned from. */
  readonly learned: number[];
  readonly phaseStart: number[];
}

const BASES = [64, 256, 384, 512];
const SAFETIES = [1.2, 1, 0.8];

/** Seconds of a batch, walked one decode step after the other. */
export function walkedSeconds(
  members: readonly { readonly prompt: number; readonly output: number }[],
  cost: StepCost,
): number {
  let seconds = 0;
  for (const { prompt } of members) seconds += cost.perRequest + cost.perPrefillToken * prompt;
  seconds += cost.base[members.length];
  for (let made = 1;; made++) {
    const alive = members.filter(({ output }) => output > made);
    if (alive.length === 0) return seconds;
    let context = 0;
    for (const { prompt } of alive) context += prompt + made;
    seconds += cost.base[alive.length] + cost.perContextToken[alive.length] * context;
  }
}

/**
 * The reference's gateway and worker (driftsched reference, "Worker", "Feedback", "Admission
 * estimate") from one event to the next: a client that sends a phase, waits for the queue to empty
 * and pauses; a worker that looks, gathers, serves and reports. Nothing is skipped: every sleep of an
 * idle worker is an event. At one instant a batch reports, then requests arrive, then the worker
 * looks, then the client sees the emptied queue. Counts tokens and believes the label.
 */
export function naiveWorker({ requests, truth }: Workload, options: NaiveOptions): NaiveRun {
  const n = requests.size;
  const blank = () => Array<number>(n).fill(NaN);
  const run: NaiveRun = {
    arrival: blank(),
    factor: blank(),
    estimatedOutput: blank(),
    start: blank(),
    finish: blank(),
    batch: blank(),
    batchSize: blank(),
    learned: [],
    phaseStart: [0],
  };
  const view = {
    queuedAt: new Float64Array(n),
    tier: new Uint8Array(n),
    tierCount: 3,
    totalBudget: new Float64Array(n),
  };
  const queue = referencePolicy(options.policy, view);
  const factor = [1, 1, 1, 1];

  const inputFactor = (r: number) => Math.min(1.5, 1 + requests.promptTokens[r] / 1000);
  const admitted: number[] = [];
  const reported = new Set<number>();

  function admit(r: number, now: number): void {
    const category = requests.category.codes[r], tier = requests.tier.codes[r];
    run.arrival[r] = view.queuedAt[r] = now;
    run.factor[r] = factor[category];
    run.estimatedOutput[r] = Math.floor(
      BASES[category] * factor[category] * SAFETIES[tier] * inputFactor(r),
    );
    view.totalBudget[r] = requests.promptTokens[r] + run.estimatedOutput[r];
    view.tier[r] = tier;
    admitted.push(r);
    queue.push(r);
  }

  function learn(r: number): void {
    const category = requests.category.codes[r];
    let against = BASES[category];
    if (options.learnAgainst === "estimate") {
      against = against * SAFETIES[requests.tier.codes[r]] * inputFactor(r);
    }
    const measured = Math.min(3, Math.max(0.25, truth.outputTokens[r] / against));
    if (options.calibrate) factor[category] = 0.9 * factor[category] + 0.1 * measured;
    run.learned.push(r);
  }

  function report(r: number): void {
    reported.add(r);
    if (options.feedbackOrder === "completion") return learn(r);
    for (let next = run.learned.length; next < admitted.length; next++) {
      if (!reported.has(admitted[next])) return;
      learn(admitted[next]);
    }
  }

  let phase = 0, origin = 0, sent = 0, batches = 0, served = 0;
  const phaseRows = (p: number) => requests.phases[p + 1]?.first ?? n;
  let doing: "looking" | "gathering" | "serving" = "looking";
  let wake = 0, opened = 0, polls = 0;
  let members: number[] = [];

  while (served < n) {
    const due = sent < phaseRows(phase) ? origin + requests.arrival[sent] : Infinity;
    const now = Math.min(due, wake);

    if (doing === "serving" && now === wake) {
      for (const r of members) {
        run.finish[r] = now;
        report(r);
        served++;
      }
      doing = "looking";
      members = [];
    }

    if (due === now) {
      admit(sent++, now);
      continue; // another one may arrive at the same instant, before the worker looks
    }

    if (doing === "looking" && now === wake) {
      if (queue.size() === 0) {
        wake = now + options.idleSeconds;
        continue;
      }
      doing = "gathering";
      opened = now;
      polls = 0;
    }

    if (doing === "gathering" && now === wake) {
      const passed = polls * options.pollSeconds;
      const over = polls > 0 && passed >= options.windowSeconds;
      while (!over && members.length < options.maxBatch && queue.size() > 0) {
        members.push(queue.pop(now));
      }
      if (over || members.length === options.maxBatch || options.windowSeconds === 0) {
        doing = "serving";
        const lengths = members.map((r) => ({
          prompt: requests.promptTokens[r],
          output: truth.outputTokens[r],
        }));
        wake = now + walkedSeconds(lengths, options.cost);
        for (const r of members) {
          run.start[r] = now;
          run.batch[r] = batches;
          run.batchSize[r] = members.length;
        }
        batches++;
      } else {
        polls++;
        wake = opened + polls * options.pollSeconds;
      }
      if (sent === phaseRows(phase) && queue.size() === 0 && phase + 1 < requests.phases.length) {
        phase++;
        origin = now + requests.phases[phase].afterDrainSeconds;
        run.phaseStart.push(origin);
      }
    }
  }
  return run;
}
