import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { TIERS } from "../tiers.ts";
import type { Labels, PromptBlocks, Requests, Truth, Workload } from "../workload.ts";
import { compactBlocks } from "./compact-blocks.ts";
import { joinRequests } from "./join-requests.ts";
import { refusePhases } from "./one-phase.ts";
import { relabel } from "./relabel.ts";

/** What names of several workloads mean. */
export const MergeOptions = z.strictObject({
  /** Name of the result. */
  name: z.string().min(1).optional(),
  /**
   * `apart`: tenants of two workloads are two, whatever they are called, and get the name of their
   * workload: `conv` for the tenant `default` of the workload conv, `conv/a` for its tenant a.
   * `joined`: tenants of one name are one.
   */
  tenants: z.enum(["apart", "joined"]).default("apart"),
  /** The same of categories. */
  categories: z.enum(["apart", "joined"]).default("joined"),
});
export type MergeOptions = z.input<typeof MergeOptions>;

/**
 * Lays workloads over one another on one clock: all start at time 0, requests are in order of time,
 * those of one instant in the order of the workloads. Tiers and models of one name are one; sessions
 * and shared prompt blocks of two workloads never are.
 *
 * What not all of them have: sessions, models and further columns are empty for the others' requests;
 * words, and blocks whose lengths are known of some workloads alone, are left out, and so are the texts
 * of prompts. The step says so. Throws an InputError for no workload, for one of several phases, and for
 * tiers that the workloads put in different orders of urgency.
 *
 * @example
 * const both = workloads.mergeWorkloads([conv, code], { categories: "apart" });
 */
export function mergeWorkloads(
  workloads: readonly Workload[],
  options: MergeOptions = {},
): Workload {
  const { name, tenants, categories } = parseWith(MergeOptions, options, "mergeWorkloads options");
  if (workloads.length === 0) {
    throw new InputError({
      file: "mergeWorkloads",
      field: "workloads",
      value: [],
      expected: "at least one workload",
    });
  }
  for (const workload of workloads) {
    refusePhases(workload, "mergeWorkloads", "merge the phases by timeWindow");
  }
  const names = distinctNames(workloads.map((workload) => workload.name));
  const lost = lostColumns(workloads);
  const everyBlock = workloads.flatMap(({ requests }) => requests.promptBlocks ?? []);
  // Hash ids may be as large as a column holds: put next to each other they would not fit.
  const compact = everyBlock.reduce((sum, blocks) => sum + afterIds(blocks), 0) > 2 ** 31;
  let nextBlock = 0;
  const [first, ...others] = workloads.map(({ requests, truth }, i) => {
    const promptBlocks = lost.includes("promptBlocks")
      ? undefined
      : shifted(requests.promptBlocks, { by: nextBlock, compact });
    if (promptBlocks) nextBlock = Math.max(nextBlock, afterIds(promptBlocks));
    return {
      truth,
      requests: {
        ...requests,
        tenant: tenants === "apart" ? inside(requests.tenant, names[i]) : requests.tenant,
        category: categories === "apart" ? inside(requests.category, names[i]) : requests.category,
        session: requests.session && inside(requests.session, names[i]),
        promptWords: lost.includes("promptWords") ? undefined : requests.promptWords,
        promptBlocks,
      },
    };
  });
  const joined = others.reduce(
    ({ requests, truth }, other) => {
      const both = joinRequests(requests, other.requests);
      return { requests: both.requests, truth: joinTruth([truth, other.truth], both.from) };
    },
    { requests: first.requests as Requests, truth: first.truth },
  );
  const { outputWords, ...truth } = joined.truth;
  const { promptText: _, ...requests } = joined.requests;
  return {
    name: name ?? names.join(" + "),
    requests: { ...requests, tier: byUrgency(requests.tier, workloads) },
    truth: { ...truth, ...!lost.includes("outputWords") && outputWords && { outputWords } },
    provenance: {
      source: "mergeWorkloads",
      parameters: {
        tenants,
        categories,
        of: workloads.map(({ provenance }, i) => ({ name: names[i], ...provenance })),
      },
      steps: [
        `merged ${names.map((each, i) => `${each} (${workloads[i].requests.size})`).join(", ")}` +
        `; tenants ${tenants}, categories ${categories}` +
        (lost.length > 0 ? `; left out: ${lost.join(", ")}` : ""),
      ],
    },
  };
}

/** The names, of which equal ones get a number. */
function distinctNames(names: readonly string[]): string[] {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

/** Columns that the result cannot hold for all rows. */
function lostColumns(workloads: readonly Workload[]): string[] {
  const missing = (has: (workload: Workload) => unknown) =>
    workloads.some(has) && !workloads.every(has);
  const lengthsKnown = workloads.flatMap(({ requests: { promptBlocks } }) =>
    promptBlocks ? [(promptBlocks.tokens ?? promptBlocks.tokensPerBlock) !== undefined] : []
  );
  return [
    ...missing(({ requests }) => requests.promptWords) ? ["promptWords"] : [],
    ...missing(({ truth }) => truth.outputWords) ? ["outputWords"] : [],
    ...workloads.some(({ requests }) => requests.promptText) ? ["promptText"] : [],
    ...new Set(lengthsKnown).size > 1 ? ["promptBlocks"] : [],
    ...workloads.some(({ requests }) => requests.promptBlocks?.parts) ? ["parts of blocks"] : [],
  ];
}

/** Labels whose names say of which workload they are; no name stays none. */
function inside({ codes, names }: Labels, workload: string): Labels {
  return {
    codes,
    names: names.map((name) =>
      name === "" ? "" : name === "default" ? workload : `${workload}/${name}`
    ),
  };
}

/** The number after the largest id of blocks and answers. */
function afterIds({ values, answers }: PromptBlocks): number {
  let after = 0;
  for (const ids of [values, answers ?? []]) for (const id of ids) after = Math.max(after, id + 1);
  return after;
}

function shifted(
  stored: PromptBlocks | undefined,
  { by, compact }: { by: number; compact: boolean },
): PromptBlocks | undefined {
  const blocks = stored && compact ? compactBlocks(stored) : stored;
  return blocks && {
    ...blocks,
    values: blocks.values.map((id) => id + by),
    ...blocks.answers && { answers: blocks.answers.map((id) => id < 0 ? id : id + by) },
  };
}

function joinTruth([a, b]: readonly [Truth, Truth], from: Int32Array): Truth {
  const column = (x: Int32Array, y: Int32Array) =>
    from.map((row) => row < x.length ? x[row] : y[row - x.length]);
  return {
    outputTokens: column(a.outputTokens, b.outputTokens),
    ...a.outputWords && b.outputWords && { outputWords: column(a.outputWords, b.outputWords) },
  };
}

/** Tiers most urgent first: in the usual order where all are usual ones, else as they came. */
function byUrgency(tier: Labels, workloads: readonly Workload[]): Labels {
  const known: readonly string[] = TIERS;
  const names = tier.names.every((name) => known.includes(name))
    ? known.filter((name) => tier.names.includes(name))
    : tier.names;
  for (const { name, requests } of workloads) {
    const places = requests.tier.names.map((each) => names.indexOf(each));
    if (!places.some((place, i) => i > 0 && place < places[i - 1])) continue;
    throw new InputError({
      file: "mergeWorkloads",
      field: `tiers of ${name}`,
      value: requests.tier.names,
      expected: `the same order of urgency as in the other workloads: ${names.join(", ")}`,
    });
  }
  return relabel(tier, tier.names.map((name) => names.indexOf(name)), names);
}
