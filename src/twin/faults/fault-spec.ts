import * as z from "zod";

const seconds = z.number().positive();
const events = z.int().min(0);

/** When a fault strikes; exactly one of these. */
const when = {
  /** Share of the requests, drawn by seed and request. */
  share: z.number().min(0).max(1).optional(),
  /** The n-th request for an answer since the twin was started, from 1; or several. */
  nth: z.union([z.int().min(1), z.array(z.int().min(1)).min(1)]).optional(),
  /** The first request for an answer at or after this instant, seconds on the twin's clock. */
  at: z.number().min(0).optional(),
};

const fault = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.strictObject({ kind: z.literal(kind), ...when, ...shape });

/** Statuses that a server or a proxy in front of it answers with instead. */
const STATUSES = [400, 401, 404, 429, 500, 503] as const;

/**
 * One fault, injected by the twin. Durations are seconds on the twin's clock; `afterEvents` counts
 * the data events of the stream that come whole before it (an answer with fewer is struck at its
 * last).
 */
export const FaultSpec = z.discriminatedUnion("kind", [
  /** The listener is down: new connections are refused, open ones go on (the one struck, too). */
  fault("refuse", { seconds }),
  /** The server dies and comes back empty: all open requests, all state, all counters are lost. */
  fault("restart", { seconds }),
  /** The connection is reset before the headers. */
  fault("reset-before-headers", {}),
  /** The connection is reset in the midst of the stream. */
  fault("reset-mid-stream", { afterEvents: events.default(1) }),
  /** Another status, with the error body of vLLM. */
  fault("status", {
    status: z.literal(STATUSES),
    /** Value of `Retry-After` in seconds. */
    retryAfter: z.int().min(0).optional(),
  }),
  /** The headers come late. */
  fault("slow-headers", { seconds }),
  /** The headers come, the first byte of the body late. */
  fault("stall-first-byte", { seconds }),
  /** The stream pauses; what was made meanwhile comes at once afterwards. */
  fault("stall-mid-stream", { afterEvents: events.default(1), seconds }),
  /** The answer ends in the middle of an event, properly by HTTP. */
  fault("truncated-event", { afterEvents: events.default(1) }),
  /** The stream ends without `[DONE]`. */
  fault("missing-done", {}),
  /** An event whose data is no JSON, in the place of a right one; the stream goes on. */
  fault("wrong-json", { afterEvents: events.default(1) }),
  /** An error object in the stream, status 200; then `[DONE]`. */
  fault("stream-error", { afterEvents: events.default(1) }),
  /** A page of HTML, as a proxy or another kind of server would answer. */
  fault("html", { status: z.int().min(200).max(599).default(200) }),
]).superRefine(({ share, nth, at }, context) => {
  const given = [share, nth, at].filter((value) => value !== undefined).length;
  if (given !== 1) {
    context.addIssue({ code: "custom", message: "exactly one of share, nth and at" });
  }
});
export type FaultSpec = z.output<typeof FaultSpec>;
export type FaultKind = FaultSpec["kind"];

/** All faults of a twin, in order of precedence: a request suffers the first that strikes it. */
export const FaultSpecs = z.array(FaultSpec);
export type FaultSpecsInput = z.input<typeof FaultSpecs>;
