import fc from "fast-check";
import { expect, test } from "vitest";
import { Scheduler } from "../../src/gateway/scheduler.ts";
import { paperScheduler } from "../../src/paper/scheduler.ts";
import { handWorkload } from "../support/workloads.ts";

/** A gateway that has admitted n summaries and handed all of them out. */
function served(n: number, feedbackOrder: "completion" | "arrival"): Scheduler {
  const { requests } = handWorkload({
    arrival: Array.from({ length: n }, (_, i) => i),
    category: Array<number>(n).fill(1),
    promptWords: Array<number>(n).fill(10),
  });
  const scheduler = new Scheduler(requests, paperScheduler({ feedbackOrder }));
  for (let request = 0; request < n; request++) scheduler.admit(request, request);
  for (let request = 0; request < n; request++) scheduler.next(n);
  return scheduler;
}

const report = (scheduler: Scheduler, request: number) =>
  scheduler.observe(request, { outputTokens: 1, outputWords: 64 + request }, 20);

const places = (scheduler: Scheduler) => [...scheduler.record.feedbackPlace];

test("in order of completion each answer is learned from when it reports", () => {
  const scheduler = served(3, "completion");
  [2, 0, 1].forEach((request) => report(scheduler, request));
  expect(places(scheduler)).toEqual([1, 2, 0]);
});

test("in order of arrival an answer is held back until every earlier arrival has reported", () => {
  const scheduler = served(4, "arrival");
  report(scheduler, 2);
  report(scheduler, 1);
  expect(scheduler.factors().summary).toBe(1);
  expect(places(scheduler)).toEqual([-1, -1, -1, -1]);
  // The length is known all the same: errors are measured on it.
  expect([...scheduler.record.actualOutput]).toEqual([-1, 65, 66, -1]);
  report(scheduler, 0);
  expect(places(scheduler)).toEqual([0, 1, 2, -1]);
  report(scheduler, 3);
  expect(places(scheduler)).toEqual([0, 1, 2, 3]);
});

test("a request that will never report lets the later ones through, and teaches nothing", () => {
  const scheduler = served(3, "arrival");
  report(scheduler, 1);
  scheduler.abandon(0, 20);
  expect(places(scheduler)).toEqual([-1, 0, -1]);
  report(scheduler, 2);
  expect(places(scheduler)).toEqual([-1, 0, 1]);
});

test("so does a request whose client gave up while it waited", () => {
  const { requests } = handWorkload({ arrival: [0, 1], promptWords: [1, 1] });
  const scheduler = new Scheduler(requests, paperScheduler({ feedbackOrder: "arrival" }));
  scheduler.admit(0, 0);
  scheduler.admit(1, 1);
  expect(scheduler.cancel(0, 1)).toBe(true);
  report(scheduler, scheduler.next(2));
  expect(places(scheduler)).toEqual([-1, 0]);
});

test("the order is that of admission, whatever the numbers of the rows", () => {
  const { requests } = handWorkload({ arrival: [0, 0, 0], promptWords: [1, 1, 1] });
  const scheduler = new Scheduler(requests, paperScheduler({ feedbackOrder: "arrival" }));
  [2, 0, 1].forEach((request, i) => scheduler.admit(request, i));
  [0, 1, 2].forEach((request) => report(scheduler, request));
  expect(places(scheduler)).toEqual([1, 2, 0]);
});

test("both orders learn the same answers, each once, in any order of reports", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }), (order) => {
      const inOrder = served(12, "arrival"), asDone = served(12, "completion");
      for (const request of order) {
        report(inOrder, request);
        report(asDone, request);
      }
      expect(places(inOrder)).toEqual([...Array(12).keys()]);
      expect(order.map((request) => places(asDone)[request])).toEqual([...Array(12).keys()]);
      // In order of arrival the factor cannot depend on the order of reports.
      const reference = served(12, "completion");
      for (let request = 0; request < 12; request++) report(reference, request);
      expect(inOrder.factors()).toEqual(reference.factors());
    }),
    { numRuns: 50 },
  );
});
