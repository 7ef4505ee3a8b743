import { expect, test, vi } from "vitest";
import { duration, inLines, liveProgress, progressText } from "../../src/notebook/live-progress.ts";
import type { RunProgress } from "../../src/runs/run-progress.ts";

const halfway: RunProgress = {
  done: 40,
  total: 100,
  states: { completed: 38, failed: 2, rejected: 0, cancelled: 0 },
  inFlight: 8,
  retrying: 1,
  queued: { premium: 3, batch: 11 },
  now: 20,
  rate: 2.04,
  meanAbsoluteError: 58.94,
  etaSeconds: 95,
  serversIn: 1,
  servers: 2,
};
const over: RunProgress = {
  ...halfway,
  done: 100,
  states: { ...halfway.states, completed: 98 },
  etaSeconds: 0,
};

test("says rate, what is in flight, queues, error and time to go", () => {
  expect(progressText(halfway)).toBe(
    "40 of 100 requests · 2 failed · 2.0/s · 8 in flight · 1 to retry · queued: premium 3, batch 11" +
      " · error 58.9 · 1 of 2 servers · ETA 1 min 35 s",
  );
});

test("says no time when it is over, so that two runs of a notebook have the same bytes", () => {
  expect(progressText(over)).toBe("100 of 100 requests · 2 failed");
});

test.each([[NaN, "?"], [59.4, "59 s"], [3599.6, "1 h 0 min"], [61, "1 min 1 s"]])(
  "%d s to go are %s",
  (seconds, text) => expect(duration(seconds)).toBe(text),
);

test("a log gets a line now and then, and the last", () => {
  const lines: string[] = [];
  const tell = inLines((line) => lines.push(line));
  for (let i = 0; i < 50; i++) tell(halfway);
  tell(over);
  expect(lines).toEqual([progressText(halfway), progressText(over)]);
});

const kernel = vi.hoisted(() => ({ api: null as unknown }));
vi.mock("../../src/notebook/kernel/jupyter-api.ts", () => ({ jupyterApi: () => kernel.api }));

test("a notebook gets one display that is updated in place", () => {
  const shown: { html: string; update: boolean; id: string }[] = [];
  kernel.api = {
    display(content: Record<string, string>, options: { update: boolean; display_id: string }) {
      const { update, display_id: id } = options;
      shown.push({ html: content["text/html"], update, id });
      return Promise.resolve();
    },
  };
  const tell = liveProgress();
  tell({ ...halfway, queued: { "<b>": 1 } });
  tell(over);
  expect(shown.map(({ update }) => update)).toEqual([false, true]);
  expect(shown[0].id).toBe(shown[1].id);
  expect(shown[0].html).toContain('<progress value="40" max="100"');
  expect(shown[0].html).not.toContain("<b>");
  liveProgress("sjf")(over);
  expect(shown[2].html).toMatch(/sjf: 100 of 100 requests/);
});
