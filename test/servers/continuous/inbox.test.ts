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
