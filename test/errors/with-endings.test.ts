import { expect, test } from "vitest";
import { withEndings } from "../../src/errors/with-endings.ts";

const fails = (message: string) => () => {
  throw new Error(message);
};

test("the work's result is given when every ending is over", async () => {
  const order: string[] = [];
  const work = () => {
    order.push("work");
    return Promise.resolve(7);
  };
  const result = await withEndings(work, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    order.push("first");
  }, () => order.push("second"));
  expect(result).toBe(7);
  expect(order).toEqual(["work", "first", "second"]);
});

test.each([
  ["the work", fails("work"), [fails("a"), fails("b")], "work"],
  ["the first ending", () => 1, [fails("a"), fails("b")], "a"],
  ["a later ending", () => 1, [() => {}, () => Promise.reject(new Error("b"))], "b"],
])("what %s throws is thrown, whatever fails after it", async (_what, work, endings, message) => {
  let done = 0;
  const last = () => done++;
  await expect(withEndings(work, ...endings, last)).rejects.toThrow(message);
  expect(done).toBe(1);
});

test("undefined that was thrown is an error, too", async () => {
  const work = () => Promise.reject(undefined);
  await expect(withEndings(work)).rejects.toBeUndefined();
});
