import { expect, test } from "vitest";
import { guarded } from "../../src/reports/guarded.ts";

const never = new Promise<never>(() => {});

test("guarded(work) gives its outcome, good or bad", async () => {
  const options = { seconds: 5, what: "It" };
  expect(await guarded(Promise.resolve(3), options)).toBe(3);
  await expect(guarded(Promise.reject(new RangeError("no")), options)).rejects.toThrow("no");
});

test("guarded(work) gives up when the clock comes first", async () => {
  await expect(guarded(never, { seconds: 0.01, what: "The cell" })).rejects.toMatchObject({
    kind: "time-out",
    name: "TimeoutError",
    message: "The cell ran longer than 0.01 s",
  });
});

test("guarded(work) gives up when the caller aborts, also when that was before", async () => {
  const controller = new AbortController();
  const work = guarded(never, { seconds: 5, what: "It", signal: controller.signal });
  controller.abort();
  await expect(work).rejects.toMatchObject({ kind: "interrupted", message: "It was interrupted" });
  await expect(guarded(never, { seconds: 5, what: "It", signal: controller.signal }))
    .rejects.toMatchObject({ kind: "interrupted" });
});
