import type * as z from "zod";
import { answerTokenIds } from "../live/drawn-token-ids.ts";
import { RunOptions } from "../live/live-options.ts";
import { promptKind } from "../live/prompts.ts";
import { parseWith } from "../errors/parse-with.ts";
import type { Workload } from "../workload/workload.ts";
import type { AnswerTruth } from "./answers/answer-model.ts";

/** The options of a live run that make its prompts. */
const PromptsOfRun = RunOptions.pick({ prompt: true, seed: true });

/** The row of a live run's request, by the id that its server sees. */
export function rowOf(id: string): number {
  return Number(id.split("-").at(-2));
}

/**
 * Tells a twin how long the answers to a live run of `workload` really are, which the scheduler is
 * not told: then the twin generates what the simulator does.
 *
 * Where the workload's prompts are sent as token ids and later ones repeat earlier answers
 * (`promptBlocks.answers`), the twin is told the ids of these, too. So a later turn finds in its prefix
 * cache what it would find in the simulator's. A prompt sent as text says itself what it repeats: the
 * twin knows its own answers, and finds one only where the text holds it word for word.
 *
 * @param run the live run's own options, as far as they make its prompts
 * @example
 * const twin = await live.startTwin({ clock: "virtual", truth: live.truthOf(workload) });
 */
export function truthOf(
  { requests, truth }: Workload,
  run: z.input<typeof PromptsOfRun> = {},
): (id: string) => AnswerTruth | undefined {
  const { prompt, seed } = parseWith(PromptsOfRun, run, "live options");
  const idsOf = promptKind(requests, prompt) !== "token-ids"
    ? () => undefined
    : answerTokenIds(requests, { ...prompt.tokenIds, seed });
  return (id) => {
    const row = rowOf(id);
    // A warm-up's request is none of the workload's.
    if (!(row in truth.outputTokens)) return undefined;
    const tokens = truth.outputTokens[row];
    return { tokens, words: truth.outputWords?.[row], tokenIds: idsOf(row, tokens) };
  };
}
