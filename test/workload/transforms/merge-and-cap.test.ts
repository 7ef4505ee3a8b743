import { beforeAll, describe, expect, test } from "vitest";
import { loadArenaTrace } from "../../../src/files/load-arena.ts";
import { capLengths } from "../../../src/workload/transforms/cap-lengths.ts";
import { mapTenants } from "../../../src/workload/transforms/map-tenants.ts";
import { mapTiers } from "../../../src/workload/transforms/map-tiers.ts";
import { mergeWorkloads } from "../../../src/workload/transforms/merge-workloads.ts";
import { scaleTime } from "../../../src/workload/transforms/scale-time.ts";
import { timeWindow } from "../../../src/workload/transforms/time-window.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { everything, rowsOf } from "./support/everything.ts";
import { smallWorkload } from "./support/small-workload.ts";

let trace: Workload;
beforeAll(async () => {
  trace = (await loadArenaTrace()).workload;
});

/** The same requests half a second later, under another name. */
const later = (): Workload => {
  const { requests, ...rest } = everything();
  return {
    ...rest,
    name: "later",
    requests: { ...requests, arrival: requests.arrival.map((t) => t + 0.5) },
  };
};

describe("mergeWorkloads", () => {
  test("is in order of time, loses no row, and keeps rows together", () => {
    const merged = mergeWorkloads([everything(), later()], { tenants: "joined" });
    const all = [...rowsOf(everything()), ...rowsOf(later())]
      .sort((a, b) => a.arrival - b.arrival)
      .map(({ session: _, blocks: __, answer: ___, ...row }) => row);
    expect(rowsOf(merged).map(({ session: _, blocks: __, answer: ___, ...row }) => row))
      .toEqual(all);
    expect(merged.requests.tenant.names).toEqual(["a", "b", "c", "d"]);
    expect(merged.name).toBe("small + later");
  });

  test("tenants and categories apart are named by their workload", () => {
    const merged = mergeWorkloads([everything(), later(), trace], { categories: "apart" });
    expect(merged.requests.tenant.names.slice(0, 6))
      .toEqual(["small/a", "small/b", "small/c", "small/d", "later/a", "later/b"]);
    expect(merged.requests.category.names)
      .toEqual(["small/x", "small/y", "later/x", "later/y", "VTC arena trace"]);
    const own = rowsOf(merged).filter(({ tenant }) => tenant.startsWith("small/"));
    expect(own.map(({ output }) => output)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(merged.requests.size).toBe(1514);
  });

  test("sessions and blocks of two workloads are never the same", () => {
    const rows = rowsOf(mergeWorkloads([everything(), everything()], { tenants: "joined" }));
    const sessions = new Set(rows.map(({ session }) => session));
    expect(sessions).toEqual(new Set(["", "small/s", "small/t", "small (2)/s", "small (2)/t"]));
    // Prompts of one workload that began alike still do, those of two don't.
    const firsts = rows.map(({ blocks }) => blocks![0]);
    expect(new Set(firsts).size).toBe(8);
    expect(firsts.filter((id) => id === firsts[0]).length).toBe(2);
  });

  test("answers of two workloads are never the same, and blocks of two lengths get one each", () => {
    const { requests, ...rest } = everything();
    const { tokensPerBlock: _, ...blocks } = requests.promptBlocks!;
    const tokens = Int32Array.of(5, 1, 4, 2, 3, 7, 2, 4);
    const own: Workload = {
      ...rest,
      requests: { ...requests, promptBlocks: { ...blocks, tokens } },
    };
    const merged = mergeWorkloads([everything(), own]);
    expect(merged.provenance.steps!.at(-1)).not.toContain("promptBlocks");
    const { tokensPerBlock, ...both } = merged.requests.promptBlocks!;
    expect(tokensPerBlock).toBeUndefined();
    // Rows of one instant are in the order of the workloads: 0 of the first, 0 of the second, ….
    expect([...both.answers!].slice(0, 8)).toEqual([7, 17, -1, -1, -1, -1, 9, 19]);
    expect([...both.tokens!].slice(0, 4)).toEqual([4, 5, 1, 1]);
    const last = both.offsets[12];
    expect([...both.tokens!].slice(last)).toEqual([4, 2, 2, 4]);
    expect([...both.values].slice(last)).toEqual([2, 9, 12, 19]);
    const unknown = { ...rest, requests: { ...requests, promptBlocks: blocks } };
    expect(mergeWorkloads([own, unknown]).provenance.steps!.at(-1)).toMatch(
      /left out: .*promptBlo/,
    );
  });

  test("ids as large as a column holds stay apart too", () => {
    const { requests, ...rest } = everything();
    const large = 2 ** 31 - 1;
    const values = requests.promptBlocks!.values.map((id) => large - id);
    const own = {
      ...rest,
      requests: { ...requests, promptBlocks: { ...requests.promptBlocks!, values } },
    };
    const { values: merged } = mergeWorkloads([own, own]).requests.promptBlocks!;
    expect(Math.min(...merged)).toBe(0);
    expect(new Set(merged).size).toBe(10);
    expect(merged[0]).not.toBe(merged[1]);
  });

  test("says what it leaves out", () => {
    const merged = mergeWorkloads([everything(), trace]);
    expect(merged.requests.promptWords).toBeUndefined();
    expect(merged.truth.outputWords).toBeUndefined();
    expect(merged.provenance.steps).toEqual([
      "merged small (7), VTC arena trace (1500); tenants apart, categories joined; left out: " +
      "promptWords, outputWords, promptText",
    ]);
    const both = mergeWorkloads([everything(), later()]);
    expect([...both.requests.promptWords!].slice(0, 2)).toEqual([50, 50]);
    expect([...both.truth.outputWords!].slice(0, 2)).toEqual([11, 11]);
  });

  test("tiers keep their order of urgency, whoever comes first", () => {
    const batchOnly = mapTiers(everything(), {
      rule: "named",
      assign: { a: "batch", b: "batch", c: "batch", d: "batch" },
    });
    const relabelled = (names: string[]): Workload => ({
      ...everything(),
      requests: { ...everything().requests, tier: { codes: new Uint8Array(7), names } },
    });
    expect(mergeWorkloads([batchOnly, mapTiers(trace)]).requests.tier.names)
      .toEqual(["premium", "standard", "batch"]);
    expect(() => mergeWorkloads([relabelled(["gold", "iron"]), relabelled(["iron", "gold"])]))
      .toThrow('field tiers of small: got ["iron","gold"], expected the same order of urgency');
  });

  test("one is itself; none is refused", () => {
    expect(rowsOf(mergeWorkloads([trace], { tenants: "joined" }))).toEqual(rowsOf(trace));
    expect(() => mergeWorkloads([])).toThrow("field workloads: got [], expected at least one");
  });

  test("of scaled parts runs at the sum of their rates", () => {
    const merged = mergeWorkloads([trace, scaleTime(trace, 0.5)]);
    expect(timeWindow(merged, { to: 301 }).requests.size)
      .toBe(1500 + timeWindow(trace, { to: 301 }).requests.size);
  });
});

describe("capLengths", () => {
  const { requests: { promptTokens }, truth: { outputTokens } } = smallWorkload();

  test("truncates prompts and answers to the context, and counts", () => {
    const { requests, truth, provenance } = capLengths(everything(), { contextTokens: 6 });
    expect([...promptTokens]).toEqual([5, 1, 4, 2, 3, 7, 6]);
    expect([...requests.promptTokens]).toEqual([5, 1, 4, 2, 3, 5, 5]);
    expect([...requests.maxTokens]).toEqual([1, 5, 2, 4, 3, 1, 1]);
    expect([...outputTokens]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([...truth.outputTokens]).toEqual([1, 2, 2, 4, 3, 1, 1]);
    expect([...requests.promptWords!]).toEqual([50, 10, 40, 20, 30, 50, 50]);
    expect([...truth.outputWords!]).toEqual([11, 12, 9, 14, 9, 3, 2]);
    expect(requests.promptText).toBeUndefined();
    expect(provenance.steps!.at(-1)).toBe(
      "lengths cut to a context of 6 tokens: 2 prompts and 4 answers of 7; texts of prompts left out",
    );
  });

  test("cuts the blocks of a prompt at its end, and leaves out those of unknown lengths", () => {
    const { requests, ...rest } = everything();
    const tokens = Int32Array.of(5, 1, 4, 2, 3, 7, 2, 4);
    const { tokensPerBlock: _, ...blocks } = requests.promptBlocks!;
    const known = { ...rest, requests: { ...requests, promptBlocks: { ...blocks, tokens } } };
    const cut = capLengths(known, { contextTokens: 3 }).requests;
    expect([...cut.promptTokens]).toEqual([2, 1, 2, 2, 2, 2, 2]);
    expect(cut.promptBlocks).toMatchObject({
      offsets: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
      values: Int32Array.of(0, 1, 2, 3, 0, 1, 2),
      tokens: Int32Array.of(2, 1, 2, 2, 2, 2, 2),
      answers: blocks.answers,
    });
    const unknown = { ...rest, requests: { ...requests, promptBlocks: blocks } };
    const lost = capLengths(unknown, { contextTokens: 3 });
    expect(lost.requests.promptBlocks).toBeUndefined();
    expect(lost.provenance.steps!.at(-1)).toMatch(/texts and shared blocks of prompts left out$/);
  });

  test("leaves room for an answer where that is wanted, and what fits alone", () => {
    const { requests } = capLengths(everything(), { contextTokens: 6, answerTokens: 3 });
    expect([...requests.promptTokens]).toEqual([5, 1, 4, 2, 3, 3, 3]);
    const wide = capLengths(everything(), { contextTokens: 1000 });
    expect(rowsOf(wide)).toEqual(rowsOf(everything()));
    expect(wide.requests.promptText!(3)).toBe("text 3");
  });

  test("drops requests that do not fit, phase by phase, and counts", () => {
    const { requests, truth, provenance } = capLengths(smallWorkload(), {
      contextTokens: 6,
      over: "drop",
    });
    expect([...truth.outputTokens]).toEqual([1, 2, 4]);
    expect([...requests.promptTokens]).toEqual([5, 1, 2]);
    expect([...requests.maxTokens]).toEqual([1, 5, 4]);
    expect(requests.phases.map(({ name }) => name)).toEqual(["first"]);
    expect(provenance.steps!.at(-1)).toBe(
      "requests over 6 tokens left out: 4 of 7; nothing left of phase second",
    );
  });

  test("a context without room is refused", () => {
    expect(() => capLengths(trace, { contextTokens: 1 })).toThrow("field contextTokens: got 1");
    expect(() => capLengths(trace, { contextTokens: 8, answerTokens: 8 }))
      .toThrow("field answerTokens: got 8");
  });
});

describe("tenants and tiers by share or rule", () => {
  const sharesOf = ({ codes, names }: { codes: ArrayLike<number>; names: readonly string[] }) =>
    names.map((_, code) =>
      Array.from(codes).filter((other) => other === code).length / codes.length
    );
  const wanted = { premium: 0.2, standard: 0.5, batch: 0.3 };

  test("whole clients come near the shares, and each is in one", () => {
    const { requests } = mapTiers(trace, { rule: "shares", shares: wanted });
    sharesOf(requests.tier).forEach((share, i) =>
      expect(Math.abs(share - Object.values(wanted)[i])).toBeLessThan(0.01)
    );
    const pairs = new Set(
      Array.from(requests.tenant.codes, (code, i) => `${code}/${requests.tier.codes[i]}`),
    );
    expect(pairs.size).toBe(27);
    const tenants = mapTenants(trace, { rule: "shares", shares: { x: 7, y: 3 } }).requests.tenant;
    expect(tenants.names).toEqual(["x", "y"]);
    expect(sharesOf(tenants)[0]).toBeCloseTo(0.7, 2);
  });

  test("per request, for traces without clients, by seed", () => {
    const draw = (seed: number) => mapTiers(trace, { rule: "per-request", shares: wanted, seed });
    sharesOf(draw(1).requests.tier).forEach((share, i) =>
      expect(Math.abs(share - Object.values(wanted)[i])).toBeLessThan(4 * Math.sqrt(0.25 / 1500))
    );
    expect(draw(1).requests.tier).not.toEqual(draw(2).requests.tier);
    expect(draw(2).provenance.steps!.at(-1)).toBe(
      "tiers assigned to requests: by draw, premium 0.2, standard 0.5, batch 0.3, seed 2",
    );
  });

  test("by name, of which no client with requests may lack", () => {
    const assign = { a: "batch", b: "premium", c: "standard", d: "batch" } as const;
    expect(rowsOf(mapTiers(everything(), { rule: "named", assign })).map(({ tier }) => tier))
      .toEqual(["batch", "premium", "standard", "premium", "premium", "standard", "batch"]);
    const merged = mapTenants(everything(), {
      rule: "named",
      assign: { a: "x", b: "y", c: "x", d: "x" },
    });
    expect(rowsOf(merged).map(({ tenant }) => tenant)).toEqual(["x", "y", "x", "y", "y", "x", "x"]);
    expect(() => mapTenants(everything(), { rule: "named", assign: { a: "x", b: "y", c: "x" } }))
      .toThrow('field assign: got ["a","b","c"], expected an entry for every client: d has 1');
  });

  test("options of another rule are refused", () => {
    expect(() => mapTiers(trace, { rule: "shares" })).toThrow(
      "mapTiers options, field shares: got undefined, expected a value with the rule shares",
    );
    expect(() => mapTiers(trace, { rule: "dealt", shares: wanted })).toThrow(
      "expected none with the rule dealt",
    );
    expect(() => mapTiers(trace, { rule: "shares", shares: { premium: 0 } }))
      .toThrow("field shares: got");
    expect(() => mapTenants(trace, { rule: "shares", shares: { x: -1 } }))
      .toThrow("mapTenants options, field shares.x: got -1");
  });
});
