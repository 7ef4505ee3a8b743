import { expect, test } from "vitest";
import type { Stage } from "../../src/gateway/stage.ts";
import type { Entry } from "../../src/live/journal/entry.ts";
import { JournaledGateway } from "../../src/live/journaled-gateway.ts";
import { paperScheduler } from "../../src/paper/scheduler.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { handWorkload, plainCost } from "../support/workloads.ts";
import { measured } from "../live/support/measured.ts";

const workload = handWorkload({
  arrival: [0, 1, 2, 3],
  outputTokens: [5, 5, 5, 5],
  outputWords: [4, 4, 4, 4],
  promptWords: [3, 3, 3, 3],
});
const answers = (...rows: number[]): Stage & { asked: (readonly [number, number])[] } => ({
  asked: [],
  offer(request, now) {
    this.asked.push([request, now]);
    return rows.includes(request) ? "answered" : "pass";
  },
});
const server = {
  cost: plainCost({ base: 1 }),
  config: { max_model_len: 2 ** 21, num_gpu_blocks: 2 ** 18 },
};

test("what a stage answers ends as it arrives: not queued, not estimated, not sent, not learned", () => {
  const [first, second] = [answers(1), answers(1, 2)];
  const run = simulate(workload, {
    scheduler: paperScheduler({ feedbackOrder: "arrival" }),
    server,
    stages: [first, second],
  });
  expect([...run.status]).toEqual([0, 0, 0, 0]);
  expect([...run.arrival]).toEqual([0, 1, 2, 3]);
  expect([...run.server]).toEqual([0, -1, -1, 0]);
  for (const row of [1, 2]) {
    expect([run.start[row], run.firstToken[row], run.finish[row]]).toEqual([row, row, row]);
    expect([run.estimatedOutput[row], run.scheduled[row]]).toEqual([NaN, NaN]);
    expect([run.outputTokens[row], run.actualOutput[row]]).toEqual([-1, -1]);
  }
  // In order of arrival nobody waits for an answer that will teach nothing.
  expect([...run.feedbackPlace]).toEqual([0, -1, -1, 1]);
  // Stages are asked in order; behind the one that answers nobody is.
  expect(first.asked).toEqual([[0, 0], [1, 1], [2, 2], [3, 3]]);
  expect(second.asked).toEqual([[0, 0], [2, 2], [3, 3]]);
});

test("a stage that answers everything leaves servers and micro-batches nothing to do", () => {
  for (const dispatch of [undefined, { rule: "micro-batch" } as const]) {
    const run = simulate(workload, { dispatch, stages: [answers(0, 1, 2, 3)] });
    expect([...run.finish]).toEqual([0, 1, 2, 3]);
    expect([...run.batch]).toEqual([-1, -1, -1, -1]);
  }
});

test("a live run journals it, and its replay asks no stage again", () => {
  const options = { scheduler: paperScheduler() };
  const gateway = new JournaledGateway(workload.requests, {
    servers: 1,
    options,
    stages: [answers(1, 3)],
  });
  const journal: Entry[] = [];
  const act = () => {
    const { entries, commands } = gateway.take();
    journal.push(...entries);
    return commands.flatMap((each) => each.do === "send" ? [each.request] : []);
  };
  gateway.begin({ at: 0, epochSeconds: 0 });
  const sent: number[] = [];
  for (const now of [0, 1, 2, 3.5]) {
    gateway.tick(now);
    for (const request of act()) {
      sent.push(request);
      const answer = measured({ lastToken: now, completionTokens: 5, words: 4 });
      gateway.completed(request, 1, { at: now, measured: answer });
    }
  }
  gateway.tick(4);
  act();
  expect(sent).toEqual([0, 2]);
  expect(gateway.ended).toBe(true);
  expect(journal.filter(({ kind }) => kind === "answered-ahead")).toEqual([
    { kind: "answered-ahead", at: 1, request: 1, late: 0 },
    { kind: "answered-ahead", at: 3, request: 3, late: 0.5 },
  ]);
  const forbidden: Stage = {
    offer() {
      throw new Error("asked again");
    },
  };
  const again = new JournaledGateway(workload.requests, {
    servers: 1,
    options,
    stages: [forbidden],
  });
  for (const entry of journal) again.replay(entry);
  expect(again.record).toEqual(gateway.record);
  expect(again.scheduler.record).toEqual(gateway.scheduler.record);
  expect([again.ended, again.left]).toEqual([true, 0]);
});

test.each(["tokens", "words"] as const)(
  "a server that reports no usage teaches nothing where %s are counted, not a length of 0",
  (unit) => {
    const counting = unit === "words" ? "split" : "tokenizer";
    for (const feedbackOrder of ["completion", "arrival"] as const) {
      const gateway = new JournaledGateway(workload.requests, {
        servers: 1,
        options: {
          scheduler: paperScheduler({ feedbackOrder, estimator: { options: { counting } } }),
        },
      });
      gateway.begin({ at: 0, epochSeconds: 0 });
      gateway.tick(3);
      for (const request of [0, 1]) {
        const completionTokens = request === 0 ? null : 5;
        const answer = measured({ lastToken: 4, completionTokens, words: 4 });
        gateway.completed(request, 1, { at: 4, measured: answer });
      }
      const { record, scheduler } = gateway;
      expect([...record.outputTokens].slice(0, 2)).toEqual([-1, 5]);
      expect(record.status[0]).toBe(0);
      // Words are counted by the client itself.
      const places = unit === "words" ? [0, 1] : [-1, 0];
      expect([...scheduler.record.feedbackPlace].slice(0, 2)).toEqual(places);
      expect([...scheduler.record.actualOutput].slice(0, 2))
        .toEqual(unit === "words" ? [4, 4] : [-1, 5]);
    }
  },
);
