import { expect, test } from "vitest";
import { atPaperLoad } from "../../src/paper/at-paper-load.ts";
import { PaperWorkloadParameters } from "../../src/paper/workload.ts";
import { handLoadViews } from "./support/hand-load-views.ts";

test("the paper's stress phase has a request every 5 to 30 ms: only that rate is its load", () => {
  const cell = (server: string, rate: number) => ({
    server,
    load: rate / 4,
    rate,
    policy: "fifo",
    p50: [1],
    p99: [1],
  });
  const rate = 1 / 0.0175;
  const views = handLoadViews([cell("a", rate), cell("a", 0.99 * rate), cell("b", rate)]);
  expect(atPaperLoad(views).map(({ server, rate }) => [server, rate])).toEqual([
    ["a", rate],
    ["b", rate],
  ]);
  const stress = { ...PaperWorkloadParameters.parse({}).stress, gapMin: 0.1, gapMax: 0.3 };
  expect(atPaperLoad(handLoadViews([cell("a", 5), cell("a", rate)]), { stress })).toHaveLength(1);
});
