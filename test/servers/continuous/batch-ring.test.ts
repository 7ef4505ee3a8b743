import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchRing } from "../../../src/servers/continuous/batch-ring.ts";

test("batches come back in the order in which they went, at most two in flight", () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 50 }), (pushes) => {
    let made = 0;
    const ring = new BatchRing(() => ({ number: made++, holds: -1 }));
    const model: number[] = [];
    pushes.forEach((push, i) => {
      if (push && model.length < 2) {
        ring.push().holds = i;
        model.push(i);
      } else if (!push && model.length > 0) expect(ring.shift().holds).toBe(model.shift());
      expect(ring.size).toBe(model.length);
      expect(model.map((_, at) => ring.at(at).holds)).toEqual(model);
    });
    expect(made).toBe(2);
  }));
});

test("what came back last is not filled again by the next batch", () => {
  const ring = new BatchRing(() => ({}));
  ring.push();
  ring.push();
  const back = ring.shift();
  expect(ring.at(0)).not.toBe(back);
  ring.shift();
  expect(ring.push()).toBe(back);
});
