import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { estimateBlockTokens } from "../../estimate-block-tokens.ts";
import type { PromptBlocks } from "../../workload.ts";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder, LabelBuilder, RaggedBuilder } from "../parsing/builders.ts";
import { idsColumn, labelColumn, tokensColumn } from "../parsing/columns.ts";
import { decodeText } from "../parsing/decode-text.ts";
import { hasKeys } from "../parsing/head.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import { doubtOfUnit } from "../parsing/unit-of-times.ts";
import type { ReadLog } from "../read-log.ts";
import type { Companion, TraceFormat } from "../trace-format.ts";

/** A line of RAGPulse's trace. */
export const RagPulseRow = z.object({
  timestamp: z.string().regex(/^[0-9]{1,9}(?:\.[0-9]{1,9})?$/).meta({
    description: "submission since the start of the trace, as text",
    unit: "seconds",
    expected: "seconds as digits in quotes",
  }),
  input_length: tokensColumn("length of the whole prompt"),
  output_length: tokensColumn("length of the answer"),
  hash_ids: z.strictObject({
    sys_prompt: idsColumn("system prompt"),
    passages_ids: idsColumn("passages found"),
    history: idsColumn("turns before"),
    web_search: idsColumn("what a search found"),
    user_input: idsColumn("the question"),
  }).meta({ description: "what the prompt consists of, by component; equal ids, equal text" }),
  session_id: labelColumn("conversation"),
});

type Component = keyof z.output<typeof RagPulseRow>["hash_ids"];
const COMPONENTS = Object.keys(RagPulseRow.shape.hash_ids.shape) as Component[];

/** Names of the published files of token lengths. */
const LENGTH_FILES: Readonly<Record<Component, string>> = {
  sys_prompt: "1_sys_prompt.jsonl",
  passages_ids: "2_passages.jsonl",
  history: "3_history.jsonl",
  web_search: "5_web_search.jsonl",
  user_input: "4_user_input.jsonl",
};

const COMPANIONS = COMPONENTS.map((role): Companion => ({
  role,
  title: `token lengths of the hash ids of ${role}`,
  required: false,
  beside: () => [LENGTH_FILES[role]],
}));

/**
 * RAGPulse (Wang et al., arXiv:2511.12979): a week of a university's question answering with
 * retrieval, as JSON lines. Hash ids become prompt blocks, in the order system prompt, passages,
 * history, web search, user input, each with the part it is of; sessions are kept. Blocks differ in
 * length. With all files of token lengths beside the trace they have those, and with any of them every
 * request also has the columns `sys_prompt tokens`, … in `extra`, which say how its prompt is split.
 * Else lengths are estimated from the prompts' own, see {@link estimateBlockTokens}, and the report
 * says so.
 *
 * Rows are sorted by time, stably: one pair of the whole file is not in order.
 */
export const ragPulse: TraceFormat = {
  name: "ragpulse",
  title: "RAGPulse",
  row: RagPulseRow,
  companions: COMPANIONS,
  recognise: (head) =>
    hasKeys(head, ["timestamp", "input_length", "output_length", "hash_ids", "session_id"]) &&
      hasKeys({ ...head, json: (head.json as Record<string, unknown>).hash_ids }, COMPONENTS)
      ? "JSON lines whose hash_ids are split into sys_prompt, passages_ids, history, …"
      : undefined,
  reader(context) {
    const { log } = context;
    const arrival = new Float64Builder();
    const promptTokens = new Int32Builder();
    const outputTokens = new Int32Builder();
    const session = new LabelBuilder();
    const blocks = new RaggedBuilder();
    const parts = new LabelBuilder();
    const split = COMPONENTS.flatMap((component) => {
      const bytes = context.companions.get(component);
      if (bytes === undefined) return [];
      const lengths = tokenLengths(bytes, `${component} of ${log.source}`);
      return [{ component, lengths, tokens: new Int32Builder() }];
    });
    const known = split.length === COMPONENTS.length;
    const blockTokens = new Int32Builder();
    return jsonLinesReader({
      log,
      schema: RagPulseRow,
      take({ timestamp, input_length, output_length, hash_ids, session_id }) {
        for (const { component, lengths } of split) {
          const unknown = hash_ids[component].find((id) => !lengths.has(id));
          if (unknown === undefined) continue;
          const expected = "an id that the file of token lengths contains";
          return { field: `hash_ids.${component}`, value: unknown, expected };
        }
        arrival.push(Number(timestamp));
        promptTokens.push(input_length);
        outputTokens.push(output_length);
        session.push(session_id);
        blocks.push(COMPONENTS.flatMap((component) => hash_ids[component]));
        for (const component of COMPONENTS) {
          for (const _ of hash_ids[component]) parts.push(component);
        }
        for (const { component, lengths, tokens } of split) {
          let sum = 0;
          for (const id of hash_ids[component]) {
            const length = lengths.get(id)!;
            sum += length;
            if (known) blockTokens.push(length);
          }
          tokens.push(sum);
        }
      },
      end() {
        const prompts = promptTokens.finish();
        const times = arrival.finish();
        const doubt = doubtOfUnit("s", { times });
        if (doubt) log.assumptions.push(`times are seconds, as the format has them, ${doubt}`);
        const lists = { ...blocks.finish(), parts: parts.finish() };
        const tokens = known
          ? cutToPrompts(lists.offsets, { tokens: blockTokens.finish(), prompts, log })
          : estimated(lists, { prompts, log });
        return assembleTrace(context, {
          name: "RAGPulse",
          served: {
            arrival: times,
            promptTokens: prompts,
            outputTokens: outputTokens.finish(),
            session: session.finish(),
            promptBlocks: { ...lists, tokens },
            ...split.length > 0 && {
              extra: Object.fromEntries(
                split.map(({ component, tokens }) => [`${component} tokens`, tokens.finish()]),
              ),
            },
          },
        });
      },
    });
  },
};

/** Lengths of blocks, without what lies beyond a prompt's end; the log says how many have that. */
function cutToPrompts(
  offsets: Int32Array,
  { tokens, prompts, log }: { tokens: Int32Array; prompts: Int32Array; log: ReadLog },
): Int32Array {
  let longer = 0;
  for (let row = 0; row < prompts.length; row++) {
    let left = prompts[row];
    let beyond = 0;
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      const kept = Math.min(left, tokens[at]);
      beyond += tokens[at] - kept;
      left -= tokens[at] = kept;
    }
    if (beyond > 0) longer++;
  }
  if (longer > 0) {
    log.assumptions.push(
      `blocks of ${longer} prompts are longer than input_length says: they are cut at the prompt's end`,
    );
  }
  return tokens;
}

function estimated(
  blocks: PromptBlocks,
  { prompts, log }: { prompts: Int32Array; log: ReadLog },
): Int32Array {
  const { tokens, means } = estimateBlockTokens(blocks, prompts);
  const told = Array.from(means, ([part, mean]) => `${part} ${mean.toFixed(0)}`);
  log.assumptions.push(
    "lengths of prompt blocks are estimated from input_length, one a hash id (not all files of token " +
      `lengths are there); mean tokens by least squares: ${told.join(", ")}`,
  );
  return tokens;
}

/** Lengths by hash id, from lines as `{"passage_id": 0, "token_length": 84}`. */
function tokenLengths(bytes: Uint8Array, file: string): Map<number, number> {
  const lengths = new Map<number, number>();
  decodeText(bytes, file).split("\n").forEach((line, at) => {
    if (line.trim() === "") return;
    const found = /^\s*\{\s*"\w+_id"\s*:\s*(\d{1,10})\s*,\s*"token_length"\s*:\s*(\d{1,9})\s*\}\s*$/
      .exec(line);
    if (found === null) {
      const expected = 'a line like {"passage_id": 0, "token_length": 84}';
      throw new InputError({ file, row: at + 1, value: line, expected });
    }
    lengths.set(Number(found[1]), Number(found[2]));
  });
  return lengths;
}
