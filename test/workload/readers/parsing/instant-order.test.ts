import { expect, test } from "vitest";
import { instantsOutOfOrder } from "../../../../src/workload/readers/parsing/instant-order.ts";

test("each instant is held against the one that is known before it", () => {
  const good = { arrival: 1, sent: 1, firstToken: 1.2, finish: 2 };
  expect(instantsOutOfOrder(good)).toBeUndefined();
  expect(instantsOutOfOrder({ ...good, sent: 5 })?.field).toBe("first token");
  expect(instantsOutOfOrder({ ...good, sent: 5, firstToken: NaN })?.field).toBe("finish");
  expect(instantsOutOfOrder({ ...good, arrival: 3 }, { sent: "sent_s" })).toMatchObject({
    field: "sent_s",
    value: 1,
  });
  expect(instantsOutOfOrder({ arrival: 3, finish: 2 })?.field).toBe("finish");
  expect(instantsOutOfOrder({ firstToken: 3, finish: 2 })?.field).toBe("finish");
});

test("what rounding to milliseconds turns round is let through", () => {
  expect(instantsOutOfOrder({ arrival: 0.0015, sent: 0.001 })).toBeUndefined();
  expect(instantsOutOfOrder({ arrival: 0.0035, sent: 0.001 })).toBeDefined();
});
