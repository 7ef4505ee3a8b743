import { expect, test } from "vitest";
import { sjfOverLoad } from "../../../src/paper/tables/sjf-over-load.ts";
import { HAND_SCOPE, handLoadViews } from "../support/hand-load-views.ts";

test("one row a trace and load: the mean change and its interval in whole percent", () => {
  const fifo = { policy: "fifo", p50: [10, 10], p99: [10, 10] };
  const views = handLoadViews([
    { server: "a", load: 0.9, ...fifo },
    { server: "a", load: 0.9, policy: "sjf", p50: [5, 5], p99: [10, 14] },
    { server: "b", load: 1.2, ...fifo },
    { server: "b", load: 1.2, policy: "sjf", p50: [NaN, NaN], p99: [10, 10] },
  ]);
  expect(sjfOverLoad(views, HAND_SCOPE).objects()).toEqual([
    {
      trace: "a",
      load: "0.9",
      median: "−50 % (−50 % to −50 %)",
      // Resamples of two seeds: both the one, both the other, or one of each.
      P99: "+20 % (0 % to +40 %)",
    },
    { trace: "b", load: "1.2", median: "–", P99: "0 % (0 % to 0 %)" },
  ]);
});
