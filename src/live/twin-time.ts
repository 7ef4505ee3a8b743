import * as z from "zod";
import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import type { TwinTime } from "./drive-virtual.ts";

const ClockReply = z.object({ mode: z.string(), now: z.number(), control: z.url() });
const Turn = z.object({ now: z.number(), finished: z.array(z.string()) });

async function json(url: string, init?: RequestInit): Promise<unknown> {
  try {
    const reply = await fetch(url, init);
    const text = await reply.text();
    return reply.status === 200 ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * The clock of the twin at `url`, and what it says now. An InputError where there is no twin, or one
 * whose time passes by itself.
 */
export async function twinTime(
  url: string,
): Promise<{ readonly twin: TwinTime; readonly now: number }> {
  const clock = ClockReply.safeParse(await json(`${url}/twin/clock`));
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
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ until: until === Infinity ? null : until }),
      });
      return parseWith(Turn, reply, `${url}/twin/advance`);
    },
  };
  return { twin, now };
}
