import * as z from "zod";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { hasKeys, type Head } from "../parsing/head.ts";
import { jsonRowsReader } from "../parsing/json-rows-reader.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import { type Message, readMessages } from "../parsing/request-body.ts";
import { TextLengths } from "../parsing/text-lengths.ts";
import type { TraceFormat } from "../trace-format.ts";

/** A conversation; its turns are in the first of the lists that it has. */
export const ShareGptRow = z.looseObject({
  id: z.unknown().meta({ description: "name of the conversation" }).optional(),
  conversations: z.array(z.unknown()).meta({ description: "turns: from and value" }).optional(),
  messages: z.array(z.unknown()).meta({ description: "turns: role and content" }).optional(),
  items: z.array(z.unknown()).meta({ description: "turns: from and value" }).optional(),
});

/** Which turns are requests. */
export const ShareGptOptions = ArrivalOptions.extend({
  /**
   * - `first`: the first question of a conversation with its answer, as vLLM's benchmark takes them.
   * - `all`: every question with its answer; its prompt holds the conversation before it.
   */
  turns: z.enum(["first", "all"]).default("first"),
});
export type ShareGptOptions = z.output<typeof ShareGptOptions>;

const LISTS = ["conversations", "messages", "items"] as const;
const ANSWERS = new Set(["gpt", "assistant", "chatgpt", "bing", "bard", "model"]);

/**
 * Conversations as ShareGPT's data sets hold them, an array or JSON lines: turns by `from` and `value`,
 * or by `role` and `content`. Lengths are counted by a tokenizer, message by message. A question
 * without an answer is left out. A file has no times: arrivals are assumed, see {@link ArrivalOptions};
 * all turns of a conversation come at once then, because nobody knows how long people thought.
 *
 * Source: the data set `ShareGPT_V3_unfiltered_cleaned_split.json` and how vLLM's benchmark reads it
 * (`vllm/benchmarks/datasets.py`, ShareGPTDataset).
 */
export const shareGpt: TraceFormat<ShareGptOptions> = {
  name: "sharegpt",
  title: "ShareGPT's conversations",
  row: ShareGptRow,
  options: ShareGptOptions,
  recognise: (head) =>
    listIn(head) === undefined
      ? undefined
      : `JSON with ${listIn(head)}, a list of what somebody said`,
  countsTokens: (head) => listIn(head) !== undefined,
  reader(context) {
    const { log, options: { turns } } = context;
    const texts = new TextLengths(context);
    const requests = new LoggedRequests(context, { name: "ShareGPT" });
    let alone = 0;
    return jsonRowsReader({
      log,
      read(json, row) {
        const said = messagesOf(json);
        if (said === undefined) {
          const expected = "a list of turns, each with from and value, or with role and content";
          return log.refuse([{ file: log.source, row, field: "conversations", expected }]);
        }
        const answers = [...said.keys()].filter((at) => at > 0 && isAnswer(said[at]));
        const taken = turns === "first" ? answers.filter((at) => isFirst(said, at)) : answers;
        if (taken.length === 0) {
          alone++;
          return log.setAside("conversations without a question and its answer");
        }
        const { id } = json as { readonly id?: unknown };
        for (const at of taken) {
          log.verdict(
            row,
            requests.take({
              ...texts.prompt(said.slice(0, at)),
              outputTokens: texts.count(said[at].text),
              ...turns === "all" && {
                session: String(id ?? row),
                answerBlock: texts.block(said[at].text),
              },
            }),
          );
        }
      },
      end: () => requests.finish(),
    });
  },
};

/** The list of turns that the first conversation has. */
function listIn(head: Head): (typeof LISTS)[number] | undefined {
  const { json } = head;
  return LISTS.find((name) =>
    hasKeys(head, [name]) &&
    readMessages((json as Readonly<Record<string, unknown>>)[name])?.messages.length
  );
}

function messagesOf(json: unknown): readonly Message[] | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  for (const name of LISTS) {
    const found = readMessages((json as Readonly<Record<string, unknown>>)[name]);
    if (found !== undefined) return found.messages;
  }
}

const isAnswer = ({ role }: Message) => ANSWERS.has(role.toLowerCase());

/** Whether an answer is the first, after a question and at most a system prompt. */
function isFirst(said: readonly Message[], at: number): boolean {
  return said.slice(0, at).every((each) => !isAnswer(each)) &&
    said.slice(0, at).some(({ role }) => role.toLowerCase() !== "system");
}
