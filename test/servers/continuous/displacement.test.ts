import { expect, test } from "vitest";
import { AdmissionRule } from "../../../src/servers/continuous/admission-rule.ts";
import { ServerConfig } from "../../../src/servers/continuous/config.ts";
import { Displacement } from "../../../src/servers/continuous/displacement.ts";
import { NO_HIT } from "../../../src/servers/continuous/prefix/prefix-hit.ts";
import { RequestList } from "../../../src/servers/continuous/request-list.ts";
import { SchedulerView } from "../../../src/servers/continuous/scheduler-view.ts";
import { fcfs } from "../../../src/servers/policies/fcfs.ts";

/** Three run, four blocks and one token each; the last in the list yields first, 0 never. */
function displacementOf(seats = 3) {
  const config = ServerConfig.parse({
    max_model_len: 200,
    num_gpu_blocks: 40,
    max_num_seqs: seats,
  });
  const columns = { promptTokens: new Int32Array(4), outputTokens: new Int32Array(4) };
  const running = new RequestList(seats);
  for (const request of [0, 1, 2]) running.push(request);
  const ranks = { priority: new Int32Array(4), arrivalRank: new Int32Array(4) };
  const view = new SchedulerView({ ...columns, ...ranks }, seats, {
    attained: () => 0,
    running: () => running,
    cachedTokens: () => 0,
  });
  const asked: number[][] = [];
  const displacement = new Displacement(
    {
      ...fcfs.create(view, {}),
      evicts(_head, candidates) {
        asked.push([...candidates.items.slice(0, candidates.size)]);
        return candidates.size > 1 ? candidates.size - 1 : -1;
      },
    },
    view,
    {
      rule: new AdmissionRule(config),
      holdings: {
        freeWithout: ({ size }) => free + 4 * size,
        hitWithout: () => NO_HIT,
        scheduledOf: () => 1,
      },
    },
  );
  let free = 0;
  const choose = (tokens: number, freeBlocks: number, admitted = 0) => {
    free = freeBlocks;
    return displacement.choose(3, tokens, 100, admitted);
  };
  return { displacement, choose, asked };
}

test("one after the other yields until the head fits, and no more", () => {
  const { displacement, choose, asked } = displacementOf();
  expect(choose(16, 0)).toBe(true);
  expect(displacement.chosen.toArray()).toEqual([2]);
  expect(choose(16 * 6, 0)).toBe(true);
  expect(displacement.chosen.toArray()).toEqual([2, 1]);
  expect(asked).toEqual([[0, 1, 2], [0, 1, 2], [0, 1]]);
});

test("nobody yields in vain: the head does not fit, whoever may go", () => {
  expect(displacementOf().choose(16 * 9, 0)).toBe(false);
});

test("blocks that are free already count", () => {
  const { displacement, choose } = displacementOf();
  expect(choose(16 * 9, 5)).toBe(true);
  expect(displacement.chosen.toArray()).toEqual([2]);
});

test("who was admitted in this very step stays", () => {
  const { displacement, choose, asked } = displacementOf();
  expect(choose(16, 0, 1)).toBe(true);
  expect(displacement.chosen.toArray()).toEqual([1]);
  expect(asked).toEqual([[0, 1]]);
});
