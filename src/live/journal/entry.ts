import * as z from "zod";
import { CLAIM_DOUBTS } from "../client/exchange.ts";
import { ENDINGS, STOP_REASONS } from "../../gateway/transitions.ts";

export const JOURNAL_FORMAT = "driftsched journal";
/**
 * Version that is written. Version 1 holds the gateway's options in an older shape; up to version 2
 * lines do not say which of them were written at once.
 */
export const JOURNAL_VERSION = 3;

/** Seconds on the run's clock. */
const Instant = z.number().min(0);
/** An instant that may never have come: NaN in memory, null in the file. */
const MaybeInstant = z.number().nullable().transform((value) => value ?? NaN);
const Count = z.int().min(0);
const Row = Count;
const ServerIndex = Count;
const Text = z.string();

/** Events of one stream: see `encodeChunks`. */
export const CodedChunks = z.strictObject({
  size: Count,
  first: MaybeInstant,
  /** Base64 of LEB128 integers: microseconds since the event before. */
  gaps: Text,
  /** Base64 of LEB128 pairs (code, run length). */
  kinds: Text,
  /** Base64 of LEB128 pairs (tokens, run length); null where the server did not say. */
  tokens: Text.nullable(),
});
export type CodedChunks = z.output<typeof CodedChunks>;

/** What was measured of one attempt, whole or not. Instants are seconds on the run's clock. */
export const Measured = z.strictObject({
  sent: MaybeInstant,
  headers: MaybeInstant,
  firstToken: MaybeInstant,
  lastToken: MaybeInstant,
  ended: MaybeInstant,
  /** HTTP status; null without an answer. */
  status: z.int().nullable(),
  finishReason: Text.nullable(),
  /** Tokens by the server's own count; null if it never told. */
  promptTokens: Count.nullable(),
  completionTokens: Count.nullable(),
  cachedTokens: Count.nullable(),
  /** Whitespace words of the answer's text. */
  words: Count,
  bytes: Count,
  chunks: CodedChunks,
  /** The server's own times in seconds, by its names; null where it gave none. */
  serverMetrics: z.record(z.string(), z.number().nullable()).nullable(),
  /** What the server claimed that can't be believed; absent: nothing. */
  doubts: z.array(z.enum(CLAIM_DOUBTS)).optional(),
});
export type Measured = z.output<typeof Measured>;

/** Why a run takes no more requests on. */
export const StopReason = z.enum(STOP_REASONS);
export type StopReason = z.output<typeof StopReason>;

/**
 * A transition of a live run: one line of its journal. `at` is the instant on the run's clock at
 * which it was decided, `request` a row of the workload, `server` the place of a server in the run's
 * list. The state of a run is the fold over its entries, and nothing else.
 */
export const Entry = z.discriminatedUnion("kind", [
  /** A process takes the run up, at first or again: what was open is not any more. */
  z.strictObject({
    kind: z.literal("session"),
    at: Instant,
    session: z.int().min(1),
    /** Unix seconds of the run's start by this session's clock. */
    epochSeconds: z.number(),
  }),
  /** The clock of a phase starts at `at`. */
  z.strictObject({ kind: z.literal("phase"), at: Instant, phase: Count }),
  /** Estimated and queued; `at` is when it was due, `late` how many seconds after that it was done. */
  z.strictObject({ kind: z.literal("arrived"), at: Instant, request: Row, late: z.number() }),
  /** Answered by a stage in front of the queue. */
  z.strictObject({
    kind: z.literal("answered-ahead"),
    at: Instant,
    request: Row,
    late: z.number(),
  }),
  /** Handed over to a server; `attempt` counts from 1. */
  z.strictObject({
    kind: z.literal("sent"),
    at: Instant,
    request: Row,
    attempt: z.int().min(1),
    server: ServerIndex,
  }),
  /** Taken out of the queue for the micro-batch that a server's worker gathers. */
  z.strictObject({ kind: z.literal("pulled"), at: Instant, request: Row, server: ServerIndex }),
  /** All that the worker has gathered is handed over. */
  z.strictObject({ kind: z.literal("batch"), at: Instant, server: ServerIndex, batch: Count }),
  /** The last member of the batch has ended: its answers are learned from, in batch order. */
  z.strictObject({ kind: z.literal("batch-done"), at: Instant, server: ServerIndex }),
  /** The answer is whole and accepted: terminal. */
  z.strictObject({
    kind: z.literal("completed"),
    at: Instant,
    request: Row,
    attempt: z.int().min(1),
    measured: Measured,
  }),
  /** An attempt failed, what had come of it is thrown away; another follows from `due` on. */
  z.strictObject({
    kind: z.literal("retry"),
    at: Instant,
    request: Row,
    attempt: z.int().min(1),
    reason: Text,
    message: Text,
    due: Instant,
    measured: Measured,
  }),
  /** Terminal, without an answer. `measured`: the last attempt, where there was one. */
  z.strictObject({
    kind: z.enum(ENDINGS),
    at: Instant,
    request: Row,
    reason: Text,
    message: Text,
    measured: Measured.nullable(),
  }),
  /** No request goes to this server until it answers a probe. */
  z.strictObject({ kind: z.literal("out"), at: Instant, server: ServerIndex, reason: Text }),
  z.strictObject({ kind: z.literal("in"), at: Instant, server: ServerIndex }),
  /** The server asked to be left alone until then (`Retry-After`). */
  z.strictObject({ kind: z.literal("hold"), at: Instant, server: ServerIndex, until: Instant }),
  z.strictObject({ kind: z.literal("stopping"), at: Instant, why: StopReason }),
  /** Something that a reader of the results should know; changes nothing. */
  z.strictObject({ kind: z.literal("note"), at: Instant, what: Text, seconds: z.number() }),
  /** Every request is in a terminal state and the run is over. */
  z.strictObject({ kind: z.literal("ended"), at: Instant }),
]);
export type Entry = z.output<typeof Entry>;

/**
 * What run a journal belongs to: its first line. A resumed run must have the same hashes. Holds no
 * key and nothing that leads to one.
 */
export const Header = z.strictObject({
  kind: z.literal("run"),
  format: z.literal(JOURNAL_FORMAT),
  version: z.literal([1, 2, JOURNAL_VERSION]),
  /** Hash of the three below: the run's name. */
  run: z.string(),
  workload: z.strictObject({ name: z.string(), size: Count, sha256: z.string() }),
  options: z.strictObject({ sha256: z.string(), value: z.record(z.string(), z.json()) }),
  servers: z.array(z.strictObject({ url: z.string(), model: z.string() })).min(1),
});
export type Header = z.output<typeof Header>;
