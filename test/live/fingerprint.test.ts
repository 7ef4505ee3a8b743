import { expect, test } from "vitest";
import { assertSameRun, headerOf, workloadHash } from "../../src/live/fingerprint.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import type { Workload } from "../../src/workload/workload.ts";

const workload = paperWorkload({ requests: 20 });
const servers = [{ url: "http://a", model: "m" }];

const changes: readonly (readonly [string, (w: Workload) => Workload])[] = [
  ["an arrival", (w) => ({
    ...w,
    requests: { ...w.requests, arrival: w.requests.arrival.with(3, w.requests.arrival[3] + 1e-9) },
  })],
  ["a true length", (w) => ({
    ...w,
    truth: { ...w.truth, outputTokens: w.truth.outputTokens.with(0, 1) },
  })],
  ["a prompt", (w) => ({ ...w, requests: { ...w.requests, promptText: () => "hello" } })],
  ["what prompts share", (w) => {
    const promptBlocks = {
      offsets: Int32Array.from({ length: 21 }, (_, i) => Math.min(i, 2)),
      values: Int32Array.of(4, 4),
      tokensPerBlock: 16,
    };
    return { ...w, requests: { ...w.requests, promptBlocks } };
  }],
  ["a tier", (w) => ({
    ...w,
    requests: { ...w.requests, tier: { ...w.requests.tier, names: ["a", "b", "c"] } },
  })],
];

test.each(changes)("another workload by %s has another hash", async (_what, change) => {
  expect(await workloadHash(change(workload))).not.toBe(await workloadHash(workload));
});

test("the same workload under another name has the same", async () => {
  const { requests, truth } = paperWorkload({ requests: 20 });
  const again = { name: "other", provenance: { source: "other" }, requests, truth };
  expect(await workloadHash(again)).toBe(await workloadHash(workload));
});

test("says which option and which server differ", async () => {
  const was = await headerOf(workload, { seed: 1, policy: "fifo" }, servers);
  const is = await headerOf(workload, { seed: 1, policy: "sjf" }, [{
    url: "http://b",
    model: "m",
  }]);
  expect(() => assertSameRun(was, was, "j")).not.toThrow();
  expect(() => assertSameRun(was, is, "j")).toThrow(
    /^j, row 1, field options.policy: got "fifo", expected "sjf".*\nj, row 1, field servers: got .*a=m/,
  );
});
