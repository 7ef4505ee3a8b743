import { expect, test } from "vitest";
import { queueDepth } from "../../src/figures/queue-depth.ts";
import { QUEUE_DEPTH, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

type Rows = typeof QUEUE_DEPTH;

const draw = (rows: Rows) => queueDepth(tableOf(rows));
const titleOf = (rows: Rows) => draw(rows).title.replaceAll("\u00a0", " ");
/** Queues of one policy that are empty after the given seconds, per tier. */
const emptyAfter = (policy: string, ends: readonly number[]): Rows =>
  ["premium", "standard", "batch"].flatMap((tier, i) =>
    [0, ends[i], 1000].map((seconds) => ({ policy, tier, seconds, depth: seconds === 0 ? 10 : 0 }))
  );

test("draws a step curve per policy and tier, in a panel per policy", () => {
  const drawing = parseSvg(draw(QUEUE_DEPTH).svg);
  expect(marksIn(drawing, "line", "path")).toHaveLength(15);
  expect(drawing.texts).toEqual(
    expect.arrayContaining(["FIFO", "Priority", "Weighted", "SJF", "Aging priority"]),
  );
  const [path] = marksIn(drawing, "line", "path");
  expect(path.getAttribute("d")).toMatch(/^M[\d.,]+L[\d.,]+/);
});

test("instants at which nothing changes are not drawn twice, and the curve is the same", () => {
  const sparse = emptyAfter("fifo", [200, 200, 200]);
  const dense = sparse.flatMap((row) =>
    row.seconds === 1000 ? [{ ...row, seconds: 700 }, row] : [row]
  );
  expect(draw(dense).svg).toBe(draw(sparse).svg);
  expect(draw(dense).table.numRows()).toBe(sparse.length);
});

test("the title says who waits for whom under which policy", () => {
  expect(titleOf(QUEUE_DEPTH)).toBe(
    "Under Priority the premium queue is empty 450 s before the batch queue; " +
      "under FIFO they empty together",
  );
});

test("the title turns with the data", () => {
  expect(titleOf(emptyAfter("sjf", [900, 600, 400]))).toBe(
    "Under SJF the batch queue is empty 500 s before the premium queue; " +
      "no policy empties the tiers' queues together",
  );
  expect(titleOf(emptyAfter("fifo", [500, 510, 490]))).toBe(
    "The tiers' queues empty together, whatever the policy",
  );
});

test("queues that never fill are empty from the start", () => {
  const rows = emptyAfter("fifo", [1, 1, 1]).map((row) => ({ ...row, depth: 0 }));
  expect(titleOf(rows)).toContain("empty together");
});

test("a queue that never empties is not said to be empty at the end of the run", () => {
  const rows = emptyAfter("fifo", [200, 300, 400]).map((row) =>
    row.tier === "batch" ? { ...row, depth: Math.max(1, Number(row.depth)) } : row
  );
  expect(titleOf(rows)).toBe(
    "Under FIFO requests of the batch tier still wait at the end of the run",
  );
  expect(draw(rows).alt).toContain("premium after 200\u00a0s, batch never");
});
