import type { PromptBlocks } from "../../workload.ts";

/** What BLIS says of a prompt's content, and the answer's length. */
export interface BlisPrompt {
  /** Prompts of one group begin alike; "": none. */
  readonly group: string;
  /** Tokens of that beginning, and of the rest. */
  readonly prefix: number;
  readonly input: number;
  readonly output: number;
  /** Conversation; "": none. */
  readonly session: string;
  /** Place in it. */
  readonly round: number;
}

/**
 * - `apart`: rounds share no more than the beginning of their group, as BLIS replays them.
 * - `grow`: a round holds the prompt and the answer of the one before, in every session whose rounds
 *   are long enough for that.
 * - `auto`: `grow` if all sessions of several rounds are so, else `apart`.
 */
export type BlisSessions = "auto" | "apart" | "grow";

/** Blocks of prompts, and how sessions were taken. */
export interface BlisBlocks {
  /** Undefined where no prompt shares anything. */
  readonly promptBlocks: PromptBlocks | undefined;
  /** Sessions of more than one round, and those of them that grow. */
  readonly sessions: number;
  readonly growing: number;
}

/**
 * The blocks of BLIS's prompts: the beginning of a group, then, where sessions grow, the rounds and
 * answers so far. What is left belongs to the prompt alone.
 *
 * @param groups ids of groups, shared between calls whose prompts share beginnings
 */
export function blisBlocks(
  prompts: readonly BlisPrompt[],
  sessions: BlisSessions,
  groups: Map<string, number> = new Map(),
): BlisBlocks {
  const several = roundsOf(prompts);
  const fitting = several.filter((rounds) => grows(rounds, prompts));
  const growing = sessions === "apart" || (sessions === "auto" && fitting.length < several.length)
    ? []
    : fitting;
  for (const { group, prefix } of prompts) {
    if (group !== "" && prefix > 0 && !groups.has(group)) groups.set(group, groups.size);
  }
  const lists = prompts.map(({ group, prefix }): (readonly [id: number, tokens: number])[] =>
    group !== "" && prefix > 0 ? [[groups.get(group)!, prefix]] : []
  );
  const answers = new Int32Array(prompts.length).fill(-1);
  let next = groups.size;
  for (const rounds of growing) {
    rounds.forEach((row, k) => {
      const before = rounds[k - 1];
      const held = k === 0 ? 0 : prompts[before].input + prompts[before].output;
      if (k > 0) {
        lists[row] = [...lists[before], [answers[before] = next++, prompts[before].output]];
      }
      if (prompts[row].input > held) lists[row].push([next++, prompts[row].input - held]);
    });
  }
  const blocks = lists.flat();
  const offsets = new Int32Array(prompts.length + 1);
  lists.forEach((list, row) => offsets[row + 1] = offsets[row] + list.length);
  return {
    sessions: several.length,
    growing: growing.length,
    promptBlocks: blocks.length === 0 ? undefined : {
      offsets,
      values: Int32Array.from(blocks, ([id]) => id),
      tokens: Int32Array.from(blocks, ([, tokens]) => tokens),
      ...growing.length > 0 && { answers },
    },
  };
}

/** Rows of each session of several rounds, by round; rows of one round in their order. */
function roundsOf(prompts: readonly BlisPrompt[]): number[][] {
  const named = Array.from(prompts.keys()).filter((row) => prompts[row].session !== "");
  return [...Map.groupBy(named, (row) => prompts[row].session).values()].filter((rows) =>
    rows.length > 1
  )
    .map((rows) => rows.sort((a, b) => prompts[a].round - prompts[b].round || a - b));
}

function grows(rounds: readonly number[], prompts: readonly BlisPrompt[]): boolean {
  return rounds.every((row, k) => {
    if (k === 0) return true;
    const [own, before] = [prompts[row], prompts[rounds[k - 1]]];
    return own.group === before.group && own.prefix === before.prefix &&
      own.input >= before.input + before.output;
  });
}

/** Whether two lists of blocks say the same of what prompts share, whatever their ids are. */
export function shareAlike(a: PromptBlocks | undefined, b: PromptBlocks | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const same = (x?: ArrayLike<number>, y?: ArrayLike<number>) =>
    x?.length === y?.length && Array.from(x ?? []).every((each, i) => each === y![i]);
  if (a.tokensPerBlock !== b.tokensPerBlock || a.parts || b.parts) return false;
  return same(a.offsets, b.offsets) && same(a.tokens, b.tokens) && same(firstUses(a), firstUses(b));
}

/** Ids and answers' ids, each as the place of its first use. */
function firstUses({ values, answers, offsets }: PromptBlocks): number[] {
  const placeOf = new Map<number, number>();
  const named = [
    ...values,
    ...answers ?? new Int32Array(offsets.length - 1).fill(-1),
  ];
  return named.map((id, at) => {
    if (at >= values.length && id < 0) return -1;
    if (!placeOf.has(id)) placeOf.set(id, at);
    return placeOf.get(id)!;
  });
}
