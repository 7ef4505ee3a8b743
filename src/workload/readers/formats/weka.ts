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
  t: secondsColumn("since the conversation began; of a subagent's requests see `subagents`"),
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
  hash_id_scope: z.enum(["local", "global", "per_context"]).optional().meta({
    description: "where ids of blocks mean the same: local, in one conversation; global, in all; " +
      "per_context, in one agent's requests",
  }),
  requests: z.array(z.unknown()).meta({ description: "its requests in order" }),
});

/** What a trace leaves open. */
export const WekaOptions = ArrivalOptions.extend({
  /**
   * What the times of a subagent's requests count from: its own start (`relative`) or the
   * conversation's (`absolute`).
   *
   * @default by the whole file: relative where one would be before its subagent began, else absolute
   */
  subagents: z.enum(["relative", "absolute"]).optional(),
});
export type WekaOptions = z.output<typeof WekaOptions>;

const SUBAGENT = "subagent";
/** Agents that ask agents: deeper than this is no trace. */
const DEEPEST = 16;
/** What else was measured of requests. */
const UNUSED = ["ttft", "api_time", "think_time"];
const NAMES = { promptTokens: "in", outputTokens: "out", arrival: "t" };

/**
 * Traces of coding agents by WEKA, as kv-cache-tester replays them: a conversation a document, in
 * JSON lines, an array, or a document alone, with the blocks that prompts share. Requests of subagents
 * are taken in, their times put on the conversation's clock: older traces count them from the
 * subagent's start, newer ones from the conversation's, see {@link WekaOptions}. Ids of blocks are the
 * conversation's own, unless `hash_id_scope` says `global`; where it is missing or says `per_context`,
 * each subagent has its own. A conversation is a session.
 *
 * Times are seconds since each conversation began. When it began no file says: all begin at 0, or, with
 * the option `rate`, so many conversations a second (Poisson).
 *
 * Source: callanjfox/kv-cache-tester, `trace_replay_tester.py` (06f5ed9: `flatten_requests` counts from
 * the subagent's start, `normalize_trace` takes a missing scope as `per_context`), and
 * ai-dynamo/aiperf, `dataset/loader/weka_trace.py` (0cea22b: newer captures count from the
 * conversation's start, scope `local` is one namespace for a conversation and its subagents).
 */
export const weka: TraceFormat<WekaOptions> = {
  name: "weka",
  title: "WEKA's agentic traces (kv-cache-tester)",
  row: WekaRow,
  options: WekaOptions,
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
        conversations.push({ id, row, blockSize, requests, scope });
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
  readonly scope: z.output<typeof WekaRow>["hash_id_scope"];
}

function assemble(
  context: ReadContext<WekaOptions>,
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
  const clock = clockOfSubagents(conversations, context);
  const unused = new Set<string>();
  conversations.forEach((conversation, at) => {
    const { id, row, scope } = conversation;
    if (conversation.requests.length === 0) log.setAside("conversations without a request");
    const idOf = (agent: string, block: number) => {
      const key = scope === "global"
        ? `${block}`
        : scope === "local"
        ? `${at}/${block}`
        : `${at}/${agent}/${block}`;
      if (!ids.has(key)) ids.set(key, ids.size);
      return ids.get(key)!;
    };
    const start = starts[at];
    const place = {
      ...{ row, clock, origin: start, start, agent: "", session: id, unused },
      idOf: tokensPerBlock === undefined ? undefined : idOf,
    };
    for (const request of flattened(conversation.requests, place, context)) {
      log.verdict(row, requests.take(request));
    }
  });
  if (unused.size > 0) {
    log.assumptions.push(`left out: ${[...unused].join(", ")} of the server that was recorded`);
  }
  return requests.finish();
}

/** What the times of subagents' requests count from; the log says why. */
function clockOfSubagents(
  conversations: readonly Conversation[],
  { log, options: { subagents: asked } }: Pick<ReadContext<WekaOptions>, "log" | "options">,
): Clock {
  const offsets = conversations.flatMap(({ requests }) => [...offsetsIn(requests)]);
  if (conversations.some(({ requests, scope }) => scope === undefined && hasSubagent(requests))) {
    log.assumptions.push(
      "blocks of a subagent's prompts are its own: the file has no hash_id_scope that says otherwise",
    );
  }
  if (asked !== undefined) return asked;
  if (offsets.length === 0) return "absolute";
  const relative = offsets.some((offset) => offset < 0);
  log.assumptions.push(
    relative
      ? "times of a subagent's requests count from its start: some are below it"
      : "times of a subagent's requests count from the conversation's start: none is before its " +
        "subagent began; --option subagents=relative counts from there",
  );
  return relative ? "relative" : "absolute";
}

type Clock = "relative" | "absolute";

/** By how much the times of subagents' requests, as written, are above those of their subagents. */
function* offsetsIn(requests: readonly unknown[], depth = 0): Generator<number> {
  for (const each of requests) {
    const { t, nested } = subagentOf(each) ?? {};
    if (t === undefined || nested === undefined || depth >= DEEPEST) continue;
    for (const inner of nested) {
      const { t: at } = (inner ?? {}) as { readonly t?: unknown };
      // Of a subagent that begins with its conversation both readings are the same.
      if (typeof at === "number" && t > 0) yield at - t;
    }
    yield* offsetsIn(nested, depth + 1);
  }
}

function hasSubagent(requests: readonly unknown[]): boolean {
  return requests.some((each) => subagentOf(each) !== undefined);
}

function subagentOf(
  request: unknown,
): { readonly t: number; readonly nested: readonly unknown[] } | undefined {
  if (typeof request !== "object" || request === null) return undefined;
  const { t, requests } = request as { readonly t?: unknown; readonly requests?: unknown };
  return typeof t === "number" && Array.isArray(requests) ? { t, nested: requests } : undefined;
}

interface Place {
  readonly row: number;
  readonly path?: string;
  readonly clock: Clock;
  /** Seconds at which the conversation begins. */
  readonly origin: number;
  /** Seconds at which these requests' agent begins. */
  readonly start: number;
  /** Name of the agent within the conversation. */
  readonly agent: string;
  readonly session: string;
  /** Gathers what requests have and is not kept. */
  readonly unused: Set<string>;
  readonly idOf: ((agent: string, block: number) => number) | undefined;
  readonly depth?: number;
}

function* flattened(
  requests: readonly unknown[],
  place: Place,
  { log }: Pick<ReadContext, "log">,
): Generator<LoggedRequest> {
  const { row, path: above = "", clock, origin, start, agent, session, unused, idOf, depth = 0 } =
    place;
  for (const [at, each] of requests.entries()) {
    const path = `${above}requests.${at}`;
    const found = checkRow(WekaRequest, each, { file: log.source, row, path });
    if (!("data" in found)) {
      log.refuse(found);
      continue;
    }
    const { t, type, model, in: promptTokens, out = 0, hash_ids: blocks, requests: nested } =
      found.data;
    const arrival = (clock === "absolute" ? origin : start) + t;
    if (arrival < start) {
      const expected = `a time from ${start - origin}, at which its subagent began; ` +
        "--option subagents=relative counts from there";
      log.refuse([{ file: log.source, row, field: `${path}.t`, value: t, expected }]);
      continue;
    }
    if (Array.isArray(nested) && depth < DEEPEST) {
      const inner = {
        ...{ ...place, path: `${path}.`, start: arrival, depth: depth + 1 },
        agent: `${agent}/${at}`,
      };
      yield* flattened(nested, inner, { log });
    }
    if (type === SUBAGENT) continue;
    for (const name of UNUSED) if (Object.hasOwn(found.data, name)) unused.add(name);
    yield {
      ...{ arrival, promptTokens, outputTokens: out, session },
      ...model !== undefined && { model },
      ...blocks && idOf && { blocks: blocks.map((block) => idOf(agent, block)) },
    };
  }
}
