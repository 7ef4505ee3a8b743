import fc from "fast-check";
import { expect, test } from "vitest";
import { FcfsQueue } from "../../../src/servers/policies/fcfs-queue.ts";

test("the queue behaves as an array does, at any length", () => {
  const commands = fc.array(
    fc.tuple(fc.constantFrom("add", "add", "putBack", "pop", "remove"), fc.nat(300)),
    { maxLength: 400, size: "max" },
  );
  fc.assert(fc.property(commands, (list) => {
    const queue = new FcfsQueue();
    const model: number[] = [];
    let next = 1000;
    for (const [what, request] of list) {
      if (what === "add") {
        queue.add(next);
        model.push(next++);
      } else if (what === "putBack") {
        queue.putBack(next);
        model.unshift(next++);
      } else if (what === "pop" && model.length > 0) {
        queue.pop();
        model.shift();
      } else if (what === "remove") {
        const there = model.length > 0 ? model[request % model.length] : request;
        queue.remove(there);
        model.splice(0, Infinity, ...model.filter((each) => each !== there));
      }
      expect([queue.size, queue.head]).toEqual([model.length, model[0] ?? -1]);
    }
  }));
});
