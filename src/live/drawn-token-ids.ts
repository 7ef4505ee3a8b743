import { substream, uniformInt } from "../random/substream.ts";
import { walkPieces } from "../servers/continuous/prefix/pieces-of.ts";
import { promptContent } from "../workload/content-of-prompts.ts";
import type { Requests } from "../workload/workload.ts";

/** What ids are drawn from. */
export interface TokenIdDraw {
  /** Ids are drawn from `low` up to, and without, `high`. */
  readonly low: number;
  readonly high: number;
  readonly seed: number;
}

/** Tokens of a text that one substream draws: any place is found without all those before. */
const STRETCH = 256;

/** `count` token ids called `name`, a function of the seed and the name. */
export function drawnTokenIds(
  count: number,
  { low, high, seed }: TokenIdDraw,
  name: string,
): Int32Array {
  const random = substream(seed, `live/prompt/${name}`);
  return Int32Array.from({ length: count }, () => low + uniformInt(random, high - low));
}

/** Writes the ids of text `text` from place `from` on: the same for the same text and place. */
function drawText(into: Int32Array, text: number, from: number, draw: TokenIdDraw): void {
  let at = 0;
  while (at < into.length) {
    const stretch = Math.floor((from + at) / STRETCH);
    const ids = drawnTokenIds(STRETCH, draw, `text ${text}/${stretch}`);
    const part = ids.subarray(from + at - stretch * STRETCH).subarray(0, into.length - at);
    into.set(part, at);
    at += part.length;
  }
}

/**
 * The ids of each prompt of a workload. What its prompts share by `promptBlocks` has the same ids, so
 * that a server with a prefix cache finds as much as the workload says; the rest is each prompt's own.
 */
export function promptTokenIds(requests: Requests, draw: TokenIdDraw): (row: number) => Int32Array {
  const { promptTokens } = requests;
  const content = promptContent(requests);
  return (row) => {
    const prompt = promptTokens[row];
    if (content === undefined) return drawnTokenIds(prompt, draw, String(row));
    const ids = new Int32Array(prompt);
    let at = 0;
    walkPieces(content, row, { prompt, answer: 0 }, (text, from, tokens) => {
      drawText(ids.subarray(at, at + tokens), text, from, draw);
      at += tokens;
    });
    ids.set(drawnTokenIds(prompt - at, draw, String(row)), at);
    return ids;
  };
}

/**
 * The ids under which later prompts of a workload repeat the answer to a request, where its
 * `promptBlocks` say that they do.
 * @param tokens length of the answer
 */
export function answerTokenIds(
  requests: Requests,
  draw: TokenIdDraw,
): (row: number, tokens: number) => Int32Array | undefined {
  const answers = requests.promptBlocks?.answers;
  return (row, tokens) => {
    const text = answers?.[row] ?? -1;
    if (text < 0) return undefined;
    const ids = new Int32Array(tokens);
    drawText(ids, text, 0, draw);
    return ids;
  };
}
