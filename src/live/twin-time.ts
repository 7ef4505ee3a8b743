import * as z from "zod";
import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import { decodeParts } from "./client/refusal.ts";
import type { TwinTime } from "./drive-virtual.ts";

const ClockReply = z.object({ mode: z.string(), now: z.number(), control: z.url() });
const Turn = z.object({ now: z.number(), finished: z.array(z.string()) });

/** Seconds that a twin may take to tell its clock, and to move it: it simulates meanwhile. */
const CLOCK_SECONDS = 10;
const ADVANCE_SECONDS = 600;
/** Bytes of an answer at most: a turn names the requests that have ended in it. */
const LONGEST_ANSWER = 64 * 2 ** 20;

/** An answer of a twin; null where there is none, or no JSON. Listens to the signal. */
async function json(
  url: string,
  { seconds, signal, ...init }: RequestInit & { seconds: number; signal: AbortSignal },
): Promise<unknown> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(1000 * seconds)]);
  try {
    const reply = await fetch(url, { ...init, redirect: "error", signal: limit });
    if (reply.status !== 200 || reply.body === null) {
      await reply.body?.cancel();
      return null;
    }
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of reply.body) {
      bytes += part.length;
      if (bytes > LONGEST_ANSWER) return null;
      parts.push(part);
    }
    return JSON.parse(decodeParts(parts));
  } catch {
    return null;
  }
}

/** Where a twin is, and how it is asked. */
export interface TwinAddress {
  readonly url: string;
  /** With the key, where there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * The clock of the twin at `url`, and what it says now. An InputError where there is no twin, or one
 * whose time passes by itself.
 */
export async function twinTime(
  { url, headers, signal }: TwinAddress,
): Promise<{ readonly twin: TwinTime; readonly now: number }> {
  const clock = ClockReply.safeParse(
    await json(`${url}/twin/clock`, {
      ...{ seconds: CLOCK_SECONDS, signal, headers },
    }),
  );
  if (!clock.success || clock.data.mode !== "virtual") {
    throw new InputError({
      file: `server ${url}`,
      field: "time",
      value: clock.success ? clock.data.mode : "no twin",
      expected: "a twin in virtual time, or another --time",
    });
  }
  const { now } = clock.data;
  const control = new URL(clock.data.control);
  // A server does not send us to third parties.
  if (![new URL(url).hostname, "127.0.0.1"].includes(control.hostname)) {
    throw new InputError({
      file: `server ${url}`,
      field: "control",
      value: control.href,
      expected: "an address of the same host, or of this one",
    });
  }
  const twin: TwinTime = {
    async advance(until) {
      // The control's own address stays up when a fault takes the server down.
      const reply = await json(`${control.origin}/twin/advance`, {
        ...{ seconds: ADVANCE_SECONDS, signal },
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ until: until === Infinity ? null : until }),
      });
      return parseWith(Turn, reply, `${url}/twin/advance`);
    },
  };
  return { twin, now };
}
