import { describe, expect, test } from "vitest";
import { substream } from "../../../src/random/substream.ts";
import { promptContent } from "../../../src/workload/content-of-prompts.ts";
import { generateWorkload } from "../../../src/workload/generators/generate-workload.ts";
import { Popularity } from "../../../src/workload/generators/prompts/popularity.ts";
import type { WorkloadSpecInput } from "../../../src/workload/generators/workload-spec.ts";
import { readWhole } from "../../../src/workload/readers/read-trace.ts";
import { driftschedWorkload } from "../../../src/workload/readers/formats/driftsched-workload.ts";
import { sharedPrefixTokens } from "../../../src/workload/statistics/shared-prefixes.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { writeWorkload } from "../../../src/workload/writers/driftsched-workload.ts";

type Class = WorkloadSpecInput["streams"][number]["classes"][number];
const plain: Class = {
  prompt: { model: "lognormal", mean: 60, cv: 1 },
  output: { model: "lognormal", mean: 80, cv: 0.7 },
};
const constant = (tokens: number) => ({ model: "constant", tokens }) as const;
const make = (classes: Class[], spec: Partial<WorkloadSpecInput> = {}) =>
  generateWorkload({
    requests: 4000,
    streams: [{ arrivals: { process: "poisson", rate: 5 }, classes }],
    ...spec,
  });

/** Pieces of a prompt, as ids and tokens. */
function piecesOf({ requests: { promptBlocks } }: Workload, row: number): [number, number][] {
  const { offsets, values, tokens } = promptBlocks!;
  return Array.from({ length: offsets[row + 1] - offsets[row] }, (_, k) => {
    const at = offsets[row] + k;
    return [values[at], tokens![at]];
  });
}
const sum = (pieces: [number, number][]) => pieces.reduce((total, [, tokens]) => total + tokens, 0);

function shared({ requests, truth }: Workload, blockTokens = 1): Int32Array {
  const { promptTokens } = requests;
  const content = promptContent(requests)!;
  return sharedPrefixTokens({ content, promptTokens, ...truth }, blockTokens);
}
const total = (column: Int32Array) => column.reduce((all, each) => all + each, 0);

describe("system prompts and documents", () => {
  const prompts = {
    system: { texts: 3, tokens: { model: "uniform", min: 100, max: 900 } },
    documents: {
      texts: 50,
      exponent: 1,
      tokens: { model: "lognormal", mean: 200, cv: 0.5 },
      perPrompt: { min: 0, max: 4 },
    },
  } as const;

  test("leave arrivals, classes, own texts and answers as they were, and add their tokens", () => {
    const other: Class = { ...plain, category: "other" };
    const before = make([plain, other]);
    const after = make([{ ...plain, prompts }, other]);
    expect(after.requests.arrival).toEqual(before.requests.arrival);
    expect(after.requests.category).toEqual(before.requests.category);
    expect(after.truth).toEqual(before.truth);
    before.requests.promptTokens.forEach((tokens, row) =>
      expect(after.requests.promptTokens[row]).toBe(tokens + sum(piecesOf(after, row)))
    );
    expect(before.requests.promptBlocks).toBeUndefined();
    expect(after.requests.session).toBeUndefined();
    const { codes } = after.requests.category;
    codes.forEach((code, row) => {
      const { length } = piecesOf(after, row);
      expect(code === 1 ? length === 0 : length >= 1 && length <= 5).toBe(true);
    });
  });

  test("are the same for the same seed, with lengths that belong to the text", () => {
    expect(make([{ ...plain, prompts }])).toEqual(make([{ ...plain, prompts }]));
    const { values, tokens } = make([{ ...plain, prompts }]).requests.promptBlocks!;
    const lengthOf = new Map<number, number>();
    values.forEach((id, at) => {
      expect(lengthOf.get(id) ?? tokens![at]).toBe(tokens![at]);
      lengthOf.set(id, tokens![at]);
    });
    expect(lengthOf.size).toBe(53);
  });

  test("documents of a prompt differ, and there are as many as are wanted", () => {
    const workload = make([{ ...plain, prompts: { documents: prompts.documents } }]);
    const counts = new Array(5).fill(0);
    for (let row = 0; row < workload.requests.size; row++) {
      const ids = piecesOf(workload, row).map(([id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      counts[ids.length]++;
    }
    // 800 each expected; standard deviation 25.
    for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(4 * 26);
  });

  test.each([0, 0.8, 1.3])("documents are hit as Zipf's law with exponent %d says", (exponent) => {
    const texts = 3000;
    const n = 4000;
    const tokens = 64;
    const documents = { texts, exponent, tokens: constant(tokens) };
    const workload = make([{ ...plain, prompt: constant(1), prompts: { documents } }]);
    // Each request but the first of its document finds all of it: n − E[distinct documents].
    const weights = Array.from({ length: texts }, (_, k) => (k + 1) ** -exponent);
    const all = weights.reduce((total, weight) => total + weight, 0);
    const distinct = weights.reduce((sum, weight) => sum + 1 - (1 - weight / all) ** n, 0);
    const hits = total(shared(workload)) / tokens;
    // The number of distinct documents has a variance below its mean.
    expect(Math.abs(hits - (n - distinct))).toBeLessThan(4 * Math.sqrt(distinct));
  });

  test("the second document has Zipf's weights among those that are left", () => {
    const exponent = 1.5;
    const weights = [1, 2, 3, 4].map((k) => k ** -exponent);
    const all = weights.reduce((total, weight) => total + weight, 0);
    const popularity = new Popularity(4, exponent);
    const random = substream(1, "test");
    const n = 40_000;
    const counts = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const key = popularity.draw(random, 2).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(12);
    for (const [key, count] of counts) {
      const [a, b] = key.split(",").map(Number);
      const p = weights[a] / all * weights[b] / (all - weights[a]);
      expect(Math.abs(count - n * p)).toBeLessThan(4.5 * Math.sqrt(n * p));
    }
    expect(popularity.draw(random, 4).toSorted()).toEqual([0, 1, 2, 3]);
    // Weights that vanish beside the first one's do not hang.
    expect(new Popularity(300, 20).draw(random, 300).toSorted((a, b) => a - b))
      .toEqual(Array.from({ length: 300 }, (_, k) => k));
  });

  test("texts are shared by class, tenant or everybody", () => {
    const sharing = (sharedBy: "class" | "tenant" | "everybody") => {
      const system = { texts: 1, tokens: constant(500), sharedBy };
      const { promptBlocks } = make([
        { ...plain, tenant: "a", category: "x", prompts: { system } },
        { ...plain, tenant: "a", category: "y", prompts: { system } },
        { ...plain, tenant: "b", category: "x", prompts: { system } },
      ]).requests;
      return new Set(promptBlocks!.values).size;
    };
    expect(["class", "tenant", "everybody"].map((each) => sharing(each as "class")))
      .toEqual([3, 2, 1]);
  });

  test("pools that are one and differ, and more documents than texts, are refused by field", () => {
    const system = (tokens: number) => ({
      system: { tokens: constant(tokens), sharedBy: "tenant" } as const,
    });
    expect(() => make([{ ...plain, prompts: system(5) }, { ...plain, prompts: system(6) }]))
      .toThrow(
        /workload spec, field streams\.0\.classes\.1\.prompts\.system: got .* expected the texts of streams\.0\.classes\.0\.prompts\.system/,
      );
    const documents = { texts: 3, tokens: constant(9), perPrompt: { min: 1, max: 4 } };
    expect(() => make([{ ...plain, prompts: { documents } }])).toThrow(
      "workload spec, field streams.0.classes.0.prompts.documents.perPrompt: got",
    );
    expect(() => make([{ ...plain, prompts: { conversation: {} as never } }])).toThrow(
      "field streams.0.classes.0.prompts.conversation.turns",
    );
  });
});

describe("conversations", () => {
  const conversation = {
    turns: { law: "geometric", mean: 4 },
    thinkSeconds: { mean: 20, cv: 0.5 },
    answerSeconds: { first: 2, perToken: 0.1 },
  } as const;
  const chat: Class = {
    ...plain,
    prompts: {
      conversation,
      system: { texts: 2, tokens: constant(300) },
      documents: { texts: 40, tokens: constant(50), perPrompt: { min: 0, max: 1 } },
    },
  };
  const workload = make([chat, { ...plain, category: "single" }], { requests: 12_000 });
  const { requests, truth } = workload;
  const turns = (of: Workload): number[][] => {
    const rows = new Map<number, number[]>();
    of.requests.session!.codes.forEach((code, row) => {
      if (of.requests.session!.names[code] === "") return;
      rows.set(code, [...rows.get(code) ?? [], row]);
    });
    return [...rows.values()];
  };
  const conversations = turns(workload);

  test("a turn's prompt begins with the prompt and the answer before it", () => {
    expect(conversations.length).toBeGreaterThan(1000);
    const { answers } = requests.promptBlocks!;
    for (const rows of conversations) {
      rows.forEach((row, k) => {
        const pieces = piecesOf(workload, row);
        expect(sum(pieces)).toBe(requests.promptTokens[row]);
        if (k === 0) return;
        const before = rows[k - 1];
        const start = [
          ...piecesOf(workload, before),
          [answers![before], truth.outputTokens[before]] as [number, number],
        ];
        expect(pieces.slice(0, start.length)).toEqual(start);
        expect(pieces.length).toBeGreaterThan(start.length);
      });
      expect(answers![rows.at(-1)!]).toBe(-1);
    }
  });

  test("a cache finds at least the prompt and the answer before", () => {
    const held = shared(workload, 16);
    for (const rows of conversations) {
      rows.slice(1).forEach((row, k) => {
        const least = requests.promptTokens[rows[k]] + truth.outputTokens[rows[k]] - 1;
        expect(held[row]).toBeGreaterThanOrEqual(Math.floor(least / 16) * 16);
      });
    }
  });

  test("arrivals of turns wait for the expected answer, then for the user to think", () => {
    const thinks: number[] = [];
    for (const rows of conversations) {
      rows.slice(1).forEach((row, k) => {
        const before = rows[k];
        const gap = requests.arrival[row] - requests.arrival[before];
        thinks.push(gap - 2 - 0.1 * truth.outputTokens[before]);
      });
    }
    expect(Math.min(...thinks)).toBeGreaterThanOrEqual(-1e-9);
    // Long waits are cut by the end of the workload, which is far off: 20 s of 1,500 s and more.
    const mean = thinks.reduce((all, each) => all + each, 0) / thinks.length;
    expect(Math.abs(mean - 20)).toBeLessThan(4 * 10 / Math.sqrt(thinks.length) + 0.3);
    expect(requests.arrival.every((t, i, all) => i === 0 || t >= all[i - 1])).toBe(true);
    expect(workload.provenance.steps!.join()).toMatch(
      /conversations; later turns arrive in an open loop.* conversations go on after the last request/,
    );
  });

  test("the number of turns has the mean of the law", () => {
    const all = make([{
      ...plain,
      prompts: {
        conversation: {
          ...conversation,
          thinkSeconds: { mean: 0 },
          answerSeconds: { first: 0, perToken: 0 },
        },
      },
    }], { requests: 20_000 });
    const counts = turns(all).map(({ length }) => length);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    // Geometric: variance mean × (mean − 1).
    expect(Math.abs(mean - 4)).toBeLessThan(4 * Math.sqrt(12 / counts.length));
  });

  test("with constant lengths the shared tokens are those of the closed form", () => {
    const [system, own, output, count] = [120, 30, 50, 5];
    const fixed = make([{
      prompt: constant(own),
      output: constant(output),
      prompts: {
        system: { tokens: constant(system) },
        conversation: { ...conversation, turns: { law: "constant", turns: count } },
      },
    }], { requests: 3000 });
    const held = shared(fixed);
    const rows = turns(fixed);
    for (const each of rows) {
      expect(each.length).toBeLessThanOrEqual(count);
      each.forEach((row, k) => {
        expect(fixed.requests.promptTokens[row]).toBe(system + (k + 1) * own + k * output);
        // Of the answer all but its last token; the first conversation of all finds nothing.
        const first = row === 0 ? 0 : system;
        expect(held[row]).toBe(k === 0 ? first : system + k * (own + output) - 1);
      });
    }
  });

  test("one that would outgrow the context ends, and single requests are as they would be", () => {
    const small = make([chat, { ...plain, category: "single" }], {
      requests: 3000,
      contextTokens: 900,
    });
    const { promptTokens, maxTokens } = small.requests;
    promptTokens.forEach((tokens, row) => expect(tokens + maxTokens[row]).toBeLessThanOrEqual(900));
    expect(small.provenance.steps!.join()).toMatch(/\d+ conversations end early/);
    for (const rows of turns(small)) {
      expect(small.requests.promptBlocks!.answers![rows.at(-1)!]).toBe(-1);
    }
  });

  test("stream by stream the same, whatever another stream does", () => {
    const stream = {
      name: "chat",
      arrivals: { process: "poisson", rate: 3 } as const,
      classes: [chat],
    };
    const alone = make([], { requests: undefined, seconds: 200, streams: [stream] });
    const both = make([], {
      requests: undefined,
      seconds: 200,
      streams: [
        {
          name: "noise",
          arrivals: { process: "poisson", rate: 7 },
          classes: [{ ...chat, tenant: "n" }],
        },
        stream,
      ],
    });
    const own = Array.from(both.requests.tenant.codes.keys()).filter((row) =>
      both.requests.tenant.names[both.requests.tenant.codes[row]] === "default"
    );
    expect(Float64Array.from(own, (row) => both.requests.arrival[row]))
      .toEqual(alone.requests.arrival);
    expect(Int32Array.from(own, (row) => both.requests.promptTokens[row]))
      .toEqual(alone.requests.promptTokens);
  });

  test("the file of the workload gives all of it back", () => {
    const { workload: again } = readWhole(driftschedWorkload, writeWorkload(workload), "w.json");
    expect(again).toEqual(workload);
  });
});
