import { expect, test } from "vitest";
import { openBundled } from "../../../src/files/open-bundled.ts";
import { sessionsByPrefix } from "../../../src/workload/transforms/sessions-by-prefix.ts";
import { thin } from "../../../src/workload/transforms/thin.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { handWorkload } from "../../support/workloads.ts";

/** A workload whose prompts consist of these blocks. */
function withBlocks(prompts: readonly (readonly number[])[]): Workload {
  const plain = handWorkload({ arrival: prompts.map((_, i) => i) });
  const offsets = Int32Array.from([0, ...prompts.map(({ length }) => length)]);
  for (let i = 1; i < offsets.length; i++) offsets[i] += offsets[i - 1];
  const promptBlocks = { offsets, values: Int32Array.from(prompts.flat()), tokensPerBlock: 5 };
  return { ...plain, requests: { ...plain.requests, promptBlocks } };
}

const sessionsOf = (workload: Workload) => {
  const { codes, names } = sessionsByPrefix(workload).requests.session!;
  return Array.from(codes, (code) => names[code]);
};

test("a conversation is told by the block after those that all prompts begin with", () => {
  const sessions = sessionsOf(
    withBlocks([[7, 8, 1], [7, 8, 2, 5], [7, 8, 1, 6], [7, 8], [7], [7, 8, 2, 5, 9]]),
  );
  expect(sessions).toEqual(["1", "2", "1", "", "", "2"]);
});

test("with nothing in common the first block tells it; prompts without blocks are of none", () => {
  expect(sessionsOf(withBlocks([[1, 2], [], [3], [1, 4]]))).toEqual(["1", "", "2", "1"]);
  expect(sessionsOf(withBlocks([[], []]))).toEqual(["", ""]);
});

test("prompts that are all alike are of no session: nothing tells them apart", () => {
  expect(sessionsOf(withBlocks([[1, 2], [1, 2]]))).toEqual(["", ""]);
});

test("requests of different sessions of a real trace share the common block at most", async () => {
  const { workload } = await openBundled("mooncake/conversation_trace.jsonl.gz");
  const told = sessionsByPrefix(workload);
  const { session, promptBlocks } = told.requests;
  const { offsets, values } = promptBlocks!;
  const owner = new Map<number, number>();
  for (let row = 0; row < told.requests.size; row++) {
    for (let at = offsets[row] + 1; at < offsets[row + 1]; at++) {
      // An id stands for a block and all before it, so it belongs to one conversation.
      expect(owner.get(values[at]) ?? session!.codes[row]).toBe(session!.codes[row]);
      owner.set(values[at], session!.codes[row]);
    }
  }
  expect(told.provenance.steps?.at(-1)).toMatch(
    /sessions by prefix: \d+ by the block after the 1 /,
  );
  const half = thin(told, { keep: 0.5, by: "session" });
  const kept = new Set(half.requests.session!.codes);
  const share = half.requests.size / told.requests.size;
  expect(share).toBeGreaterThan(0.4);
  expect(share).toBeLessThan(0.6);
  expect([...told.requests.session!.codes].filter((code) => kept.has(code))).toHaveLength(
    half.requests.size,
  );
});

test("a workload that says nothing of its prompts is refused", () => {
  expect(() => sessionsByPrefix(handWorkload({ arrival: [0] }))).toThrow(
    /by hand, field promptBlocks: .*expected blocks of each prompt/,
  );
});
