import * as z from "zod";
import type { Labels, PromptBlocks } from "../../workload.ts";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder, LabelBuilder, RaggedBuilder } from "../parsing/builders.ts";
import {
  countColumn,
  idsColumn,
  labelColumn,
  secondsColumn,
  tokensColumn,
} from "../parsing/columns.ts";
import { hasKeys } from "../parsing/head.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import { doubtOfUnit } from "../parsing/unit-of-times.ts";
import type { ReadLog } from "../read-log.ts";
import type { TraceFormat } from "../trace-format.ts";
import { turnsWithAnswers } from "./chat-turns.ts";

/** Tokens of a block that a hash id stands for. Source: the description of the data set. */
export const QWEN_BAILIAN_BLOCK_TOKENS = 16;

/** A line of a Qwen-Bailian trace. */
export const QwenBailianRow = z.object({
  chat_id: countColumn("number of the request"),
  parent_chat_id: countColumn("request that it follows in its conversation; -1: none", { min: -1 }),
  timestamp: secondsColumn("arrival since the start of the trace"),
  input_length: tokensColumn("length of the prompt"),
  output_length: tokensColumn("length of the answer; 0: there was none", { min: 0 }),
  type: labelColumn("kind of request: text, search, image or file"),
  turn: countColumn("place in the conversation, from 1"),
  hash_ids: idsColumn("one a block of 16 tokens; equal ids, equal content"),
});

/** What the ids of a trace leave open. */
export const QwenBailianOptions = z.strictObject({
  /**
   * - `held`: a later turn holds the answer before it where ids and lengths allow it, see
   *   {@link turnsWithAnswers}.
   * - `unknown`: prompts share what their hash ids say, and nothing with answers.
   */
  answers: z.enum(["held", "unknown"]).default("held"),
});
export type QwenBailianOptions = z.output<typeof QwenBailianOptions>;

/**
 * The traces of Aliyun Bailian (Wang et al., ATC 2025): JSON lines. The type becomes the category.
 * Requests that follow each other by `parent_chat_id` are a session, named by the first of them that
 * is known. Hash ids become prompt blocks of {@link QWEN_BAILIAN_BLOCK_TOKENS} tokens; by the option
 * `answers` later turns hold the answers before, and the report says how many. A row without output is
 * set aside and is among the trace's `unserved`.
 */
export const qwenBailian: TraceFormat<QwenBailianOptions> = {
  name: "qwen-bailian",
  title: "Qwen-Bailian",
  row: QwenBailianRow,
  options: QwenBailianOptions,
  recognise: (head) =>
    hasKeys(head, ["chat_id", "parent_chat_id", "timestamp", "input_length", "hash_ids"])
      ? "JSON lines with chat_id and parent_chat_id"
      : undefined,
  reader(context) {
    const { log, options } = context;
    const served = new Rows();
    const failed = new Rows();
    const outputTokens = new Int32Builder();
    const parents = new Map<number, number>();
    return jsonLinesReader({
      log,
      schema: QwenBailianRow,
      take(row) {
        if (!parents.has(row.chat_id)) parents.set(row.chat_id, row.parent_chat_id);
        if (row.output_length === 0) {
          failed.push(row);
          return { setAside: "requests without an answer (output_length 0)" };
        }
        served.push(row);
        outputTokens.push(row.output_length);
      },
      end() {
        const rootOf = roots(parents);
        const columns = { ...served.finish(rootOf), outputTokens: outputTokens.finish() };
        const doubt = doubtOfUnit("s", { times: columns.arrival });
        if (doubt) log.assumptions.push(`times are seconds, as the format has them, ${doubt}`);
        sayLongLists(columns, log);
        return assembleTrace(context, {
          name: "Qwen-Bailian",
          served: options.answers === "held" ? withAnswers(columns, log) : columns,
          unserved: { ...failed.finish(rootOf), status: "failed" },
        });
      },
    });
  },
};

/** Says how many prompts have more ids than room for their blocks. */
function sayLongLists(
  { promptTokens, promptBlocks: { offsets } }: ReturnType<Rows["finish"]>,
  log: ReadLog,
): void {
  const longer = promptTokens.reduce(
    (count, tokens, row) =>
      count +
      Number(offsets[row + 1] - offsets[row] > Math.ceil(tokens / QWEN_BAILIAN_BLOCK_TOKENS)),
    0,
  );
  if (longer === 0) return;
  log.assumptions.push(
    `hash ids of ${longer} requests are more than their prompts have room for in blocks of ` +
      `${QWEN_BAILIAN_BLOCK_TOKENS} tokens: what lies beyond a prompt's end is left out`,
  );
}

function withAnswers<
  C extends ReturnType<Rows["finish"]> & { outputTokens: Int32Array },
>(columns: C, log: ReadLog): C {
  const { chat_id, parent_chat_id } = columns.extra;
  const rowOf = new Map<number, number>();
  chat_id.forEach((chat, row) => rowOf.has(chat) || rowOf.set(chat, row));
  const { promptBlocks, turns, holding } = turnsWithAnswers({
    ...columns,
    parent: parent_chat_id.map((chat) => rowOf.get(chat) ?? -1),
    blocks: columns.promptBlocks,
    tokensPerBlock: QWEN_BAILIAN_BLOCK_TOKENS,
  });
  if (turns > 0) {
    log.assumptions.push(
      `${holding} of ${turns} later turns are taken to hold the answer before them, as their ids and ` +
        "lengths allow it; the others share what their ids say",
    );
  }
  return { ...columns, promptBlocks };
}

class Rows {
  readonly #arrival = new Float64Builder();
  readonly #promptTokens = new Int32Builder();
  readonly #type = new LabelBuilder();
  readonly #chat = new Int32Builder();
  readonly #parent = new Int32Builder();
  readonly #turn = new Int32Builder();
  readonly #blocks = new RaggedBuilder();

  push(row: z.output<typeof QwenBailianRow>): void {
    this.#arrival.push(row.timestamp);
    this.#promptTokens.push(row.input_length);
    this.#type.push(row.type);
    this.#chat.push(row.chat_id);
    this.#parent.push(row.parent_chat_id);
    this.#turn.push(row.turn);
    this.#blocks.push(row.hash_ids);
  }

  finish(rootOf: (chat: number) => number) {
    const chat = this.#chat.finish();
    return {
      arrival: this.#arrival.finish(),
      promptTokens: this.#promptTokens.finish(),
      category: this.#type.finish(),
      session: sessions(chat, rootOf),
      promptBlocks: {
        ...this.#blocks.finish(),
        tokensPerBlock: QWEN_BAILIAN_BLOCK_TOKENS,
      } as PromptBlocks,
      extra: { chat_id: chat, parent_chat_id: this.#parent.finish(), turn: this.#turn.finish() },
    };
  }
}

function sessions(chats: Int32Array, rootOf: (chat: number) => number): Labels {
  const session = new LabelBuilder();
  for (const chat of chats) session.push(String(rootOf(chat)));
  return session.finish();
}

/** First request of a chat's conversation: the one that follows none, or one that is not there. */
function roots(parents: ReadonlyMap<number, number>): (chat: number) => number {
  const known = new Map<number, number>();
  return (chat) => {
    const path: number[] = [];
    const seen = new Set<number>();
    let at = chat;
    // A ring of parents, which no log should have, is a session named by where it was entered.
    while (!known.has(at) && !seen.has(at)) {
      path.push(at);
      seen.add(at);
      const parent = parents.get(at) ?? -1;
      if (parent === -1) break;
      at = parent;
    }
    const root = known.get(at) ?? at;
    for (const each of path) known.set(each, root);
    return root;
  };
}
