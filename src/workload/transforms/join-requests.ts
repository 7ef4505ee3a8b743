import { blockTokens } from "../block-tokens.ts";
import type { Labels, PromptBlocks, Requests } from "../workload.ts";

/** Requests of two sources as one, and where each row came from. */
export interface JoinedRequests {
  readonly requests: Requests;
  /** Shape (n): row of the first source, or the first's size plus the row of the second. */
  readonly from: Int32Array;
}

type Column = Int32Array | Float64Array;

/**
 * Puts requests of two sources on one clock into one table, in order of time, of equal times the
 * first's first. Both must have one phase. Labels of one name are one; a column that only one source
 * has holds "" (labels), -1 (counts), NaN (numbers) or no blocks for the other's rows. Blocks of two
 * lengths become blocks with a length each; where those of one source are not known, none is. The
 * prompts' text and the parts of blocks are left out.
 */
export function joinRequests(a: Requests, b: Requests): JoinedRequests {
  const from = inOrder(a.arrival, b.arrival);
  const numbers = <T extends Column>(x: T | undefined, y: T | undefined, none: number): T =>
    joined(x, y, { from, split: a.size, none });
  const labels = (x: Labels | undefined, y: Labels | undefined): Labels =>
    joinedLabels(x, y, { from, split: a.size });
  const extra = [...new Set([...Object.keys(a.extra ?? {}), ...Object.keys(b.extra ?? {})])];
  return {
    from,
    requests: {
      size: from.length,
      arrival: numbers(a.arrival, b.arrival, NaN),
      phases: a.phases,
      tenant: labels(a.tenant, b.tenant),
      tier: labels(a.tier, b.tier),
      category: labels(a.category, b.category),
      maxTokens: numbers(a.maxTokens, b.maxTokens, -1),
      promptTokens: numbers(a.promptTokens, b.promptTokens, -1),
      ...(a.promptWords ?? b.promptWords) && {
        promptWords: numbers(a.promptWords, b.promptWords, -1),
      },
      ...(a.session ?? b.session) && { session: labels(a.session, b.session) },
      ...(a.model ?? b.model) && { model: labels(a.model, b.model) },
      ...(a.promptBlocks ?? b.promptBlocks) && { promptBlocks: joinedBlocks(a, b, from) },
      ...extra.length > 0 && {
        extra: Object.fromEntries(extra.map((name) => {
          const [x, y] = [a.extra?.[name], b.extra?.[name]];
          const like = (x ?? y)!;
          if ("codes" in like) return [name, labels(x as Labels, y as Labels)];
          return [name, numbers(x as Column, y as Column, like instanceof Int32Array ? -1 : NaN)];
        })),
      },
    },
  };
}

function inOrder(a: Float64Array, b: Float64Array): Int32Array {
  const from = new Int32Array(a.length + b.length);
  let i = 0;
  let j = 0;
  for (let at = 0; at < from.length; at++) {
    from[at] = j === b.length || (i < a.length && a[i] <= b[j]) ? i++ : a.length + j++;
  }
  return from;
}

function joined<T extends Column>(
  a: T | undefined,
  b: T | undefined,
  { from, split, none }: { from: Int32Array; split: number; none: number },
): T {
  const column = new ((a ?? b)!.constructor as new (length: number) => T)(from.length);
  for (let i = 0; i < column.length; i++) {
    const row = from[i];
    column[i] = (row < split ? a?.[row] : b?.[row - split]) ?? none;
  }
  return column;
}

function joinedLabels(
  a: Labels | undefined,
  b: Labels | undefined,
  { from, split }: { from: Int32Array; split: number },
): Labels {
  const names = [...new Set([...(a?.names ?? [""]), ...(b?.names ?? [""])])];
  const place = new Map(names.map((name, code) => [name, code]));
  const codesOf = ({ names } = { names: [""] } as Pick<Labels, "names">) =>
    names.map((name) => place.get(name)!);
  const [ofA, ofB] = [codesOf(a), codesOf(b)];
  const codes = names.length <= 0x100
    ? new Uint8Array(from.length)
    : names.length <= 0x10000
    ? new Uint16Array(from.length)
    : new Int32Array(from.length);
  for (let i = 0; i < codes.length; i++) {
    const row = from[i];
    codes[i] = row < split ? ofA[a?.codes[row] ?? 0] : ofB[b?.codes[row - split] ?? 0];
  }
  return { codes, names };
}

function joinedBlocks(a: Requests, b: Requests, from: Int32Array): PromptBlocks {
  const sides = [a, b].map(({ promptBlocks, promptTokens, size }) => ({
    blocks: promptBlocks ?? { offsets: new Int32Array(size + 1), values: new Int32Array() },
    tokens: promptBlocks ? blockTokens(promptBlocks, promptTokens) : new Int32Array(),
  }));
  const placed = (i: number) => {
    const side = from[i] < a.size ? 0 : 1;
    const row = from[i] - side * a.size;
    const { offsets } = sides[side].blocks;
    return { side, row, start: offsets[row], end: offsets[row + 1] };
  };
  const offsets = new Int32Array(from.length + 1);
  for (let i = 0; i < from.length; i++) {
    const { start, end } = placed(i);
    offsets[i + 1] = offsets[i] + end - start;
  }
  const lists = (columns: readonly Int32Array[]) => {
    const values = new Int32Array(offsets[from.length]);
    for (let i = 0; i < from.length; i++) {
      const { side, start, end } = placed(i);
      values.set(columns[side].subarray(start, end), offsets[i]);
    }
    return values;
  };
  const lengths = [a, b].flatMap(({ promptBlocks }) =>
    promptBlocks ? [promptBlocks.tokensPerBlock] : []
  );
  const [tokensPerBlock] = lengths;
  const known = sides.flatMap(({ tokens }) => tokens ?? []);
  const answers = sides.map(({ blocks }) => blocks.answers);
  return {
    offsets,
    values: lists(sides.map(({ blocks }) => blocks.values)),
    ...(tokensPerBlock !== undefined && lengths.every((each) => each === tokensPerBlock)
      ? { tokensPerBlock }
      : known.length === 2 && { tokens: lists(known) }),
    ...answers.some((each) => each) && {
      answers: from.map((_, i) => {
        const { side, row } = placed(i);
        return answers[side]?.[row] ?? -1;
      }),
    },
  };
}
