import { Writable } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { reportProgress } from "../../../src/reports/report/report-progress.ts";

function sink(isTTY: boolean) {
  let text = "";
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 100 }), text: () => text };
}

afterEach(() => void vi.useRealTimers());

test("without a terminal there is a line at the start, at the end, and now and then between", () => {
  vi.useFakeTimers();
  const { stream, text } = sink(false);
  const progress = reportProgress(["paper"], { stream });
  progress.start("paper", 3);
  progress.cell("paper", 1, "quick");
  vi.advanceTimersByTime(2500);
  progress.cell("paper", 2, "const runs = …");
  progress.cell("paper", 3, "quick");
  progress.finish("paper", { failed: false, seconds: 2.51 });
  progress.stop();
  expect(text()).toBe(
    "paper: 3 cells\npaper: cell 2 of 3: const runs = …\npaper: done after 2.5 s\n",
  );
});

test("in a terminal there is a bar for each notebook", () => {
  const { stream, text } = sink(true);
  const progress = reportProgress(["paper", "arena"], { stream });
  progress.start("paper", 4);
  progress.start("arena", 2);
  progress.cell("paper", 3, "const runs");
  progress.finish("paper", { failed: false, seconds: 1 });
  progress.finish("arena", { failed: true, seconds: 2 });
  progress.stop();
  expect(text()).toContain("paper");
  expect(text()).toContain("4/4 done after 1.0 s");
  expect(text()).toContain("0/2 failed after 2.0 s");
});
