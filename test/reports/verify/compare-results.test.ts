import { expect, test } from "vitest";
import { compareResults } from "../../../src/reports/verify/compare-results.ts";
import { ITEMS, result } from "./results.ts";

type Result = ReturnType<typeof result>;

/** Compares a result with a doctored copy of it. */
function doctored(change: (now: Result) => unknown, committed = result()) {
  const now = result();
  change(now);
  return compareResults("paper", committed, now);
}

test("a result compared with itself is identical in every item", () => {
  expect(compareResults("paper", result(), result())).toEqual({ total: ITEMS, differences: [] });
});

const other = "f".repeat(64);

test.each<[string, (now: Result) => unknown, object]>([
  [
    "another verdict",
    ({ manifest }) => manifest.claims[0].verdict = "undecided",
    {
      kind: "claim",
      name: "C1",
      details: ['verdict: committed "reproduced", now "undecided"'],
    },
  ],
  [
    "a verdict that turned with its effect",
    ({ manifest }) => Object.assign(manifest.claims[0], { effect: 0, verdict: "undecided" }),
    {
      kind: "claim",
      name: "C1",
      details: [
        'verdict: committed "reproduced", now "undecided"',
        "effect: committed -0.4, now 0",
      ],
    },
  ],
  [
    "another effect and interval",
    ({ manifest }) => Object.assign(manifest.claims[1], { effect: -0.3, low: -0.31 }),
    {
      kind: "claim",
      name: "C2",
      details: ["effect: committed -0.4, now -0.3", "low: committed -0.42, now -0.31"],
    },
  ],
  [
    "a number that became none",
    ({ manifest }) => manifest.claims[0].high = null,
    { kind: "claim", name: "C1", details: ["high: committed -0.38, now null"] },
  ],
  [
    "a claim that is gone",
    ({ manifest }) => manifest.claims.pop(),
    { kind: "claim", name: "C2", details: ["committed, but the new run has none"] },
  ],
  [
    "other data",
    ({ manifest }) => manifest.data[1].sha256 = other,
    {
      kind: "data",
      name: "data/lmsys.csv",
      details: [`sha256: committed "${"e".repeat(64)}", now "${other}"`],
    },
  ],
  [
    "another version of a package",
    ({ manifest }) => manifest.versions.packages.arquero = "8.0.4",
    { kind: "version", name: "arquero", details: ['value: committed "8.0.3", now "8.0.4"'] },
  ],
  [
    "another Deno",
    ({ manifest }) => manifest.versions.deno = "2.9.7",
    { kind: "version", name: "deno", details: ['value: committed "2.9.6", now "2.9.7"'] },
  ],
  [
    "another parameter",
    ({ manifest }) => manifest.parameters.seeds = 10,
    { kind: "parameter", name: "seeds", details: ["value: committed 30, now 10"] },
  ],
  [
    "other seeds",
    ({ manifest }) => manifest.seeds.push(4),
    { kind: "seeds", name: "seeds", details: ["value: committed [1,2,3], now [1,2,3,4]"] },
  ],
  [
    "many other seeds, of which a few are shown",
    ({ manifest }) => manifest.seeds.push(...Array.from({ length: 97 }, (_, i) => i + 4)),
    {
      kind: "seeds",
      name: "seeds",
      details: [
        expect.stringMatching(
          /^value: committed \[1,2,3\], now \[1,2,3,4,[\d,]{190,191}… \(293 characters\)$/,
        ),
      ],
    },
  ],
  [
    "another title of a figure",
    ({ manifest }) => manifest.figures[0].title = "Nothing",
    {
      kind: "figure",
      name: "tail",
      details: ['title: committed "What tail shows", now "Nothing"'],
    },
  ],
  [
    "another SVG and PNG",
    ({ files }) => {
      files.set("tail.svg", { sha256: other });
      files.set("tail.png", { sha256: other });
    },
    { kind: "figure", name: "tail", details: ["svg: other bytes", "png: other bytes"] },
  ],
  [
    "another CSV",
    ({ files }) =>
      files.set("error.csv", { sha256: other, text: "policy,p99,low\nfifo,10,9\nsjf,8.5,10\n" }),
    {
      kind: "figure",
      name: "error",
      details: [
        "csv: 1 cell, first at row 3, column low: committed 8, now 10; " +
        "largest relative difference 0.20 at row 3, column low",
      ],
    },
  ],
  [
    "a file that the new run did not write",
    ({ files }) => files.delete("error.png"),
    { kind: "figure", name: "error", details: ["png: the new run wrote no error.png"] },
  ],
  [
    "a figure that is gone",
    ({ manifest, files }) => {
      manifest.figures.pop();
      for (const kind of ["svg", "png", "csv"]) files.delete(`error.${kind}`);
    },
    { kind: "figure", name: "error", details: ["committed, but the new run has none"] },
  ],
])("%s is found, and it alone", (_case, change, difference) => {
  expect(doctored(change)).toEqual({
    total: ITEMS,
    differences: [{ notebook: "paper", ...difference }],
  });
});

test("a figure that is not committed yet is a difference", () => {
  const committed = result();
  committed.manifest.figures.shift();
  for (const kind of ["svg", "png", "csv"]) committed.files.delete(`tail.${kind}`);
  expect(doctored(() => {}, committed)).toEqual({
    total: ITEMS,
    differences: [{
      notebook: "paper",
      kind: "figure",
      name: "tail",
      details: ["of the new run, but not committed"],
    }],
  });
});

test("a committed file that is not its manifest's is found although the manifest is right", () => {
  const committed = result();
  committed.files.set("tail.svg", { sha256: other });
  expect(doctored(() => {}, committed).differences).toEqual([{
    notebook: "paper",
    kind: "figure",
    name: "tail",
    details: [
      "svg: tail.svg is not the file that the committed manifest tells of",
      "svg: other bytes",
    ],
  }]);
});

test("a committed file that is not there is found", () => {
  const committed = result();
  committed.files.delete("tail.csv");
  expect(doctored(() => {}, committed).differences).toMatchObject([
    { kind: "figure", name: "tail", details: ["csv: tail.csv is not there"] },
  ]);
});

test.each<[string, (committed: Result, now: Result) => unknown, string]>([
  [
    "left over from an older run",
    (committed) => committed.files.set("old.svg", { sha256: other }),
    "committed, but the new run has none",
  ],
  [
    "written by the new run alone",
    (_, now) => now.files.set("old.svg", { sha256: other }),
    "of the new run, but not committed",
  ],
  [
    "in both",
    (committed, now) =>
      [committed, now].map(({ files }) => files.set("old.svg", { sha256: other })),
    "not named in the manifest",
  ],
])("a file that no manifest names, %s, is found", (_case, change, detail) => {
  const [committed, now] = [result(), result()];
  change(committed, now);
  expect(compareResults("paper", committed, now)).toEqual({
    total: ITEMS + 1,
    differences: [{ notebook: "paper", kind: "file", name: "old.svg", details: [detail] }],
  });
});
