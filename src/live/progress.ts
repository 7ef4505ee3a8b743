import { STATUSES } from "../runs/run.ts";
import type { RunProgress } from "../runs/run-progress.ts";
import type { Entry } from "./journal/entry.ts";
import type { JournaledGateway } from "./journaled-gateway.ts";

const RATE_SECONDS = 10;

/** Sums a live run up as it goes, at the cost of what is new alone. */
export class ProgressMeter {
  readonly #marks = [{ at: 0, completed: 0 }];
  /** Completed requests whose length the scheduler may not know yet: their batch still runs. */
  #unlearned: number[] = [];
  #learned = 0;
  #errors = 0;

  /** @param speed seconds of the run's clock in a real one */
  constructor(private readonly gateway: JournaledGateway, private readonly speed = 1) {}

  /** Takes entries of the run's journal in. */
  see(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind === "completed") this.#unlearned.push(entry.request);
    }
  }

  at(now: number): RunProgress {
    const { record, scheduler, pool, left, open, retrying } = this.gateway;
    this.#learn();
    const total = record.status.length;
    const done = total - left;
    const completed = record.counts[0];
    const { names } = scheduler.requests.tier;
    return {
      done,
      total,
      states: Object.fromEntries(
        STATUSES.map((name, code) => [name, record.counts[code]]),
      ) as RunProgress["states"],
      inFlight: open,
      retrying,
      queued: Object.fromEntries(names.map((name, tier) => [name, scheduler.waitingByTier[tier]])),
      now,
      rate: this.#rate(now, completed),
      meanAbsoluteError: this.#errors / this.#learned,
      etaSeconds: this.#eta(now, done),
      serversIn: pool.servers.filter((server) => server.in).length,
      servers: pool.servers.length,
    };
  }

  #learn(): void {
    const { actualOutput, estimatedOutput } = this.gateway.scheduler.record;
    this.#unlearned = this.#unlearned.filter((request) => {
      if (actualOutput[request] < 0) return true;
      this.#learned++;
      this.#errors += Math.abs(estimatedOutput[request] - actualOutput[request]);
      return false;
    });
  }

  #rate(now: number, completed: number): number {
    const marks = this.#marks;
    marks.push({ at: now, completed });
    while (marks.length > 2 && marks[1].at <= now - RATE_SECONDS) marks.shift();
    const seconds = now - marks[0].at;
    return seconds > 0 ? (completed - marks[0].completed) / seconds : NaN;
  }

  /** By the mean pace so far, and not before the last arrival that is known to come. */
  #eta(now: number, done: number): number {
    const { left, lastArrival } = this.gateway;
    if (left === 0) return 0;
    return done === 0 ? NaN : Math.max(lastArrival - now, left * now / done) / this.speed;
  }
}
