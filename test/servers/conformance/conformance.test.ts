import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { judgeFile } from "../../../src/servers/conformance/judge-file.ts";
import { sideBySide } from "../../../src/servers/conformance/side-by-side.ts";
import { SkippingCore } from "../../../src/servers/continuous/skipping-core.ts";
import { StepwiseCore } from "../../../src/servers/continuous/stepwise-core.ts";

const CORES = { stepwise: StepwiseCore, skipping: SkippingCore };
const fixture = (name: string) =>
  gunzipSync(readFileSync(new URL(`../../fixtures/conformance/${name}`, import.meta.url)))
    .toString();

test.each([
  ["recorded.jsonl.gz", 60],
  ["driven.jsonl.gz", 30],
  ["ended-early.jsonl.gz", 30],
  ["past-the-context.jsonl.gz", 24],
  ["aborted.jsonl.gz", 40],
  ["prefix-caching.jsonl.gz", 84],
])(
  "both cores decide %s as vLLM did, step for step",
  (name, total) => {
    const verdict = judgeFile(fixture(name), name, CORES);
    expect(verdict.differing.map(sideBySide)).toEqual([]);
    expect(verdict).toMatchObject({ identical: total, total, refused: [] });
  },
);

const LINE = JSON.stringify({
  id: "one",
  vllm: "0.30.0",
  config: {
    policy: "fcfs",
    max_num_seqs: 4,
    max_num_batched_tokens: 64,
    max_model_len: 128,
    block_size: 16,
    num_gpu_blocks: 40,
    long_prefill_token_threshold: 0,
    scheduler_reserve_full_isl: true,
    watermark: 0,
    async_scheduling: false,
  },
  requests: [[0, 100, 3, 0], [1, 7, 2, 0]],
  steps: [
    [0, 1, [[0, 64]], [], []],
    [1, 1, [[0, 36], [1, 7]], [], []],
    [2, 1, [[0, 1], [1, 1]], [], [1]],
    [3, 1, [[0, 1]], [], [0]],
  ],
});

test("a scenario that differs is shown with its first differing step, side by side", () => {
  const wrong = LINE.replace("[2,1,[[0,1],[1,1]],[],[1]]", "[2,1,[[0,1],[1,2]],[],[]]");
  expect(wrong).not.toBe(LINE);
  const verdict = judgeFile(`${LINE}\n${wrong}\n`, "made-up", CORES);
  expect(verdict).toMatchObject({ identical: 1, total: 2, refused: [] });
  expect(verdict.differing.map(({ row, id, core, step }) => [row, id, core, step]))
    .toEqual([[2, "one", "stepwise", 2], [2, "one", "skipping", 2]]);
  expect(sideBySide(verdict.differing[0])).toBe([
    "  ours                         | vLLM",
    "  2 scheduled (request×tokens) | 2 scheduled (request×tokens)",
    "    0×1 1×1                    ≠   0×1 1×2",
    "  preempted –                  | preempted –",
    "  finished  1                  ≠ finished  –",
  ].join("\n"));
});

test("what came from the prefix cache is compared and shown, too", () => {
  const config = JSON.parse(LINE).config;
  const cached = JSON.stringify({
    ...JSON.parse(LINE),
    config: { ...config, enable_prefix_caching: true },
    requests: [[0, [[5, 0, 40]], 3, 0], [1, [[5, 0, 40], [6, 0, 4]], 2, 0]],
    steps: [
      [0, 1, [[0, 40]], [], [], []],
      [1, 1, [[0, 1], [1, 12]], [], [], [[1, 32]]],
      [2, 1, [[0, 1], [1, 1]], [], [0, 1], []],
    ],
  });
  expect(judgeFile(cached, "made-up", CORES)).toMatchObject({ identical: 1, refused: [] });
  const [difference] =
    judgeFile(cached.replace("[[1,32]]", "[[1,16]]"), "made-up", CORES).differing;
  expect(difference.step).toBe(1);
  expect(sideBySide(difference)).toContain("cached    1×32");
  const bad = cached.replace("[6,0,4]", "[6,-1,4]");
  expect(judgeFile(bad, "made-up", CORES).refused[0].message)
    .toMatch(/row 1, field requests\.1\.1/);
});

test("a step that one of them does not have is a difference", () => {
  const early = LINE.replace(",[3,1,[[0,1]],[],[0]]", "");
  const [difference] = judgeFile(early, "made-up", CORES).differing;
  expect(difference).toMatchObject({ step: 3, vllm: null });
  expect(sideBySide(difference)).toContain("no such step");
});

test("lines that are no scenario are counted with file, row and field, and the rest is judged", () => {
  const lines = [
    "{broken",
    LINE,
    LINE.replace('"policy":"fcfs"', '"policy":"sjf"'),
    LINE.replace("[1,7,2,0]", "[1,0,2,0]"),
    LINE.replace('"watermark":0', '"watermark":0,"surprise":1'),
    LINE.replace('"steps"', '"max_tokens":[3],"steps"'),
    LINE.replace('"steps"', '"max_tokens":[2,2],"steps"'),
    LINE.replace('"steps"', '"aborts":[[0,2]],"steps"'),
    "",
  ];
  const verdict = judgeFile(lines.join("\n"), "made-up.jsonl", CORES);
  expect(verdict).toMatchObject({ identical: 1, total: 1, differing: [] });
  expect(verdict.refused.map(({ message }) => message.slice(0, 60))).toEqual([
    expect.stringMatching(/^made-up.jsonl, row 1: got "{broken", expected JSON/),
    expect.stringMatching(/^made-up.jsonl, row 3, field config.policy: got "sjf"/),
    expect.stringMatching(/^made-up.jsonl, row 4, field requests.1.1: got 0/),
    expect.stringMatching(/^made-up.jsonl, row 5, field config.surprise: got 1/),
    expect.stringMatching(/^made-up.jsonl, row 6, field max_tokens: /),
    expect.stringMatching(/^made-up.jsonl, row 7, field max_tokens.0: got 2/),
    expect.stringMatching(/^made-up.jsonl, row 8, field aborts.0.1: got 2/),
  ]);
});
