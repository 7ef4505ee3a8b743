import * as z from "zod";
import { ArrivalOptions, assumedArrivals } from "../parsing/assumed-arrivals.ts";
import {
  countColumn,
  idsColumn,
  labelColumn,
  secondsColumn,
  tokensColumn,
} from "../parsing/columns.ts";
import { checkRow } from "../parsing/check-row.ts";
import { hasKeys, type Head } from "../parsing/head.ts";
import { jsonRowsReader } from "../parsing/json-rows-reader.ts";
import { type LoggedRequest, LoggedRequests } from "../parsing/logged-requests.ts";
import type { ReadContext, ReadTrace, TraceFormat } from "../trace-format.ts";

/** A request of a conversation. */
export const WekaRequest = z.looseObject({
  t: secondsColumn("since the conversation began, or within a subagent since that began"),
  type: z.string().max(64).meta({ description: "s: streamed, n: not, subagent: holds requests" }),
  model: labelColumn("model that was asked").optional(),
  in: tokensColumn("length of the prompt", { min: 0 }).optional(),
  out: tokensColumn("length of the answer; 0: there was none", { min: 0 }).optional(),
  hash_ids: idsColumn("one a block of the prompt; equal ids, equal prompt up to there").optional(),
});

/** A conversation. */
export const WekaRow = z.looseObject({
  id: labelColumn("name of the conversation"),
  block_size: countColumn("tokens of a block", { min: 1 }),
  requests: z.array(z.unknown()).meta({ description: "its requests in order" }),
});

const SUBAGENT = "subagent";
/** Agents that ask agents: deeper than this is no trace. */
const DEEPEST = 16;
const NAMES = { promptTokens: "in", outputTokens: "out", arrival: "t" };

/**
 * Traces of coding agents by WEKA, as kv-cache-tester replays them: a conversation a document, in
 * JSON lines, an array, or a document alone, with the blocks that prompts share. Requests of subagents
 * are taken in, their times put on the conversation's clock. Ids of blocks are the conversation's own,
 * unless `hash_id_scope` says `global`. A conversation is a session.
 *
 * Times are seconds since each conversation began. When it began no file says: all begin at 0, or, with
 * the option `rate`, so many conversations a second (Poisson).
 *
 * Source: callanjfox/kv-cache-tester, `docs/trace_replay_tester.md` (a41ee22), and NVIDIA's comparison
 * of it with AIPerf.
 */
export const weka: TraceFormat<ArrivalOptions> = {
  name: "weka",
  title: "WEKA's agentic traces (kv-cache-tester)",
  row: WekaRow,
  options: ArrivalOptions,
  recognise: (head) =>
    isConversation(head)
      ? "JSON with id, block_size and requests that have t, type, in and out"
      : undefined,
  reader(context) {
    const { log } = context;
    const conversations: Conversation[] = [];
    return jsonRowsReader({
      log,
      documents: true,
      read(json, row) {
        const found = checkRow(WekaRow, json, { file: log.source, row });
        if (!("data" in found)) return log.refuse(found);
        const { id, block_size: blockSize, requests, hash_id_scope: scope } = found.data;
        conversations.push({ id, row, blockSize, requests, shared: scope === "global" });
      },
      end: () => assemble(context, conversations),
    });
  },
};

function isConversation(head: Head): boolean {
  if (!hasKeys(head, ["id", "block_size", "requests"])) return false;
  const { requests } = head.json as { readonly requests: unknown };
  const first = Array.isArray(requests) ? requests[0] : undefined;
  return hasKeys({ ...head, json: first }, ["t", "type"]);
}

interface Conversation {
  readonly id: string;
  readonly row: number;
  readonly blockSize: number;
  readonly requests: readonly unknown[];
  /** Whether its ids of blocks mean the same in other conversations. */
  readonly shared: boolean;
}

function assemble(
  context: ReadContext<ArrivalOptions>,
  conversations: readonly Conversation[],
): ReadTrace {
  const { log } = context;
  const sizes = new Set(conversations.map(({ blockSize }) => blockSize));
  if (sizes.size > 1) {
    log.assumptions.push(
      `what prompts share is left out: blocks are of ${[...sizes].join(", ")} tokens`,
    );
  }
  const tokensPerBlock = sizes.size === 1 ? [...sizes][0] : undefined;
  // The rate is of conversations: their starts are drawn here.
  const requests = new LoggedRequests({ ...context, options: {} }, {
    ...{ name: "WEKA trace", names: NAMES, sinceFirst: false },
    ...tokensPerBlock !== undefined && { tokensPerBlock },
  });
  const starts = assumedArrivals(conversations.length, context, "conversation");
  const ids = new Map<string, number>();
  conversations.forEach((conversation, at) => {
    const { id, row, shared } = conversation;
    const idOf = (block: number) => {
      const key = shared ? `${block}` : `${at}/${block}`;
      if (!ids.has(key)) ids.set(key, ids.size);
      return ids.get(key)!;
    };
    if (conversation.requests.length === 0) log.setAside("conversations without a request");
    const place = { row, start: starts[at], session: id, idOf: tokensPerBlock ? idOf : undefined };
    for (const request of flattened(conversation.requests, place, context)) {
      log.verdict(row, requests.take(request));
    }
  });
  return requests.finish();
}

interface Place {
  readonly row: number;
  /** Seconds at which the times of these requests begin. */
  readonly start: number;
  readonly session: string;
  readonly idOf: ((block: number) => number) | undefined;
  readonly depth?: number;
}

function* flattened(
  requests: readonly unknown[],
  place: Place,
  { log }: Pick<ReadContext, "log">,
): Generator<LoggedRequest> {
  const { row, start, session, idOf, depth = 0 } = place;
  for (const [at, each] of requests.entries()) {
    const found = checkRow(WekaRequest, each, { file: log.source, row, path: `requests.${at}` });
    if (!("data" in found)) {
      log.refuse(found);
      continue;
    }
    const { t, type, model, in: promptTokens, out = 0, hash_ids: blocks, requests: nested } =
      found.data;
    const arrival = start + t;
    if (Array.isArray(nested) && depth < DEEPEST) {
      yield* flattened(nested, { ...place, start: arrival, depth: depth + 1 }, { log });
    }
    if (type === SUBAGENT) continue;
    yield {
      ...{ arrival, promptTokens, outputTokens: out, session },
      ...model !== undefined && { model },
      ...blocks && idOf && { blocks: blocks.map(idOf) },
    };
  }
}
