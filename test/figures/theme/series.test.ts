import { expect, test } from "vitest";
import { labelOf, seriesNames, seriesStyles } from "../../../src/figures/theme/series.ts";
import { POLICIES } from "../../../src/policies/registry.ts";

const NAMES = POLICIES.names;

test("a policy looks the same whoever else is shown, and in whatever order", () => {
  const all = seriesStyles("policy", NAMES);
  const [one] = seriesStyles("policy", ["sjf"]);
  const turned = seriesStyles("policy", NAMES.toReversed());
  expect(one).toEqual(all.find(({ name }) => name === "sjf"));
  expect(turned).toEqual(all);
});

test.each(["policy", "tier", "category", "calibration"] as const)(
  "known series of %s differ in colour, dash and symbol each",
  (kind) => {
    const names = {
      policy: NAMES,
      tier: ["premium", "standard", "batch"],
      category: ["short_qa", "summary", "technical", "report"],
      calibration: ["none", "ema"],
    }[kind];
    const styles = seriesStyles(kind, names);
    expect(styles.map(({ name }) => name)).toEqual(names);
    for (const channel of ["colour", "dash", "symbol"] as const) {
      expect(new Set(styles.map((style) => style[channel])).size, channel).toBe(names.length);
    }
  },
);

test("titles of policies are the registry's", () => {
  expect(seriesStyles("policy", NAMES).map(({ label }) => label))
    .toEqual(POLICIES.all.map(({ title }) => title));
});

test("unknown names follow the known ones, in order of appearance, with looks of their own", () => {
  const styles = seriesStyles("policy", ["lottery", "sjf", "oracle", "fifo"]);
  expect(styles.map(({ name }) => name)).toEqual(["fifo", "sjf", "lottery", "oracle"]);
  const looks = styles.map(({ colour, dash, symbol }) => `${colour} ${dash} ${symbol}`);
  expect(new Set(looks).size).toBe(4);
});

test("a policy that is not registered has a colour that no other policy has, known or not", () => {
  const styles = seriesStyles("policy", [...NAMES, "hrrn", "lottery"]);
  expect(styles.slice(-2).map(({ name, label }) => [name, label]))
    .toEqual([["hrrn", "hrrn"], ["lottery", "lottery"]]);
  expect(new Set(styles.map(({ colour }) => colour)).size).toBe(NAMES.length + 2);
  // Nor one that a known policy has in another figure.
  const [, alone] = seriesStyles("policy", ["fifo", "hrrn"]);
  expect(seriesStyles("policy", NAMES).map(({ colour }) => colour)).not.toContain(alone.colour);
});

test("as long as colours are left, names that are not known have one each", () => {
  const styles = seriesStyles("policy", ["a", "b", "c", "d", "e", "f", "sjf"]);
  expect(new Set(styles.map(({ colour }) => colour)).size).toBe(7);
});

test("categories of any names: in order of appearance, each with its own look", () => {
  const names = ["code", "chat", "agents", "search"];
  const styles = seriesStyles("category", names);
  expect(styles.map(({ name, label }) => [name, label])).toEqual(names.map((name) => [name, name]));
  expect(new Set(styles.map(({ colour }) => colour)).size).toBe(4);
});

test("the calibrator that learns is calibration on, beside another one it has its title", () => {
  expect(labelOf("calibration", "none")).toBe("calibration off");
  expect(labelOf("calibration", "ema")).toBe("calibration on");
  expect(labelOf("calibration", "window", ["none", "window"])).toBe("window");
});

test("more unknown names than colours still differ in colour, dash or symbol", () => {
  const styles = seriesStyles("tier", Array.from({ length: 9 }, (_, i) => `tier ${i}`));
  const looks = styles.map(({ colour, dash, symbol }) => `${colour} ${dash} ${symbol}`);
  expect(new Set(looks).size).toBe(9);
});

test("a name is a series once, and a name that is not known is its own label", () => {
  expect(seriesNames("policy", ["sjf", "sjf", "fifo"])).toEqual(["fifo", "sjf"]);
  expect(labelOf("policy", "lottery")).toBe("lottery");
  expect(labelOf("category", "short_qa")).toBe("short Q&A");
});

test("a very long name is cut in its label, whole characters at a time, not in its name", () => {
  const name = "🦀".repeat(40);
  const [style] = seriesStyles("policy", [name]);
  expect(style.name).toBe(name);
  expect([...style.label]).toHaveLength(24);
  expect(style.label.isWellFormed()).toBe(true);
});
