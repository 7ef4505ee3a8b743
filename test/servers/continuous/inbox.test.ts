import fc from "fast-check";
import { expect, test } from "vitest";
import { Inbox } from "../../../src/servers/continuous/inbox.ts";

test("requests come out in order with their instants, however many wait", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -9, max: 12 }), { maxLength: 200, size: "max" }),
      (list) => {
        const inbox = new Inbox();
        const model: number[] = [];
        let pushed = 0;
        for (const count of list) {
          for (let i = 0; i < count; i++) {
            inbox.push(pushed, pushed / 2);
            model.push(pushed++);
          }
          for (let i = 0; i < -count && model.length > 0; i++) {
            expect(inbox.nextReady).toBe(model[0] / 2);
            expect(inbox.take()).toBe(model.shift());
          }
          expect(inbox.size).toBe(model.length);
        }
      },
    ),
  );
});

test("who is ready earlier comes out first, and of two at one instant who came first", () => {
  fc.assert(fc.property(fc.array(fc.nat(9), { maxLength: 200, size: "max" }), (instants) => {
    const inbox = new Inbox();
    instants.forEach((ready, request) => inbox.push(request, ready));
    const order = instants.map((_, request) => request)
      .sort((a, b) => instants[a] - instants[b] || a - b);
    for (const request of order) {
      expect(inbox.nextReady).toBe(instants[request]);
      expect(inbox.take()).toBe(request);
    }
    expect(inbox.size).toBe(0);
  }));
});
