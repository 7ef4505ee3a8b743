import { createParser } from "eventsource-parser";
import { INSTANTS_HEADER } from "../../src/live/client/twin-instants.ts";
import type { TwinOptionsInput } from "../../src/twin/options.ts";
import { type RunningTwin, startTwin } from "../../src/twin/start-twin.ts";
import type { Advanced } from "../../src/twin/twin.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A chunk or reply of either endpoint, as far as tests look at it. */
export interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly choices: readonly {
    readonly index: number;
    readonly text?: string;
    readonly delta?: { readonly role?: string; readonly content?: string };
    readonly message?: { readonly role: string; readonly content: string };
    readonly finish_reason: string | null;
    readonly stop_reason?: string | number | null;
    readonly token_ids?: readonly number[] | null;
    readonly prompt_token_ids?: readonly number[] | null;
  }[];
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
    readonly prompt_tokens_details?: {
      readonly cached_tokens: number;
      readonly created_cache_tokens: number;
    };
  };
  readonly metrics?: Readonly<Record<string, number | null>> | null;
}

/** A data event and the instant in the comment before it; NaN without one. */
export interface Event {
  readonly at: number;
  readonly data: string;
}

/** Reads events with a library, with the twin's comments. */
export function eventsOf(text: string): Event[] {
  const events: Event[] = [];
  let at = NaN;
  const parser = createParser({
    onEvent: ({ data }) => {
      events.push({ at, data });
      at = NaN;
    },
    onComment: (comment) => {
      const stamp = /^ ?twin (.+)$/.exec(comment);
      if (stamp !== null) at = Number(stamp[1]);
    },
  });
  parser.feed(text);
  return events;
}

/** Chunks of a stream, `[DONE]` left out. */
export const chunksOf = (text: string): Chunk[] =>
  eventsOf(text).filter(({ data }) => data !== "[DONE]").map(({ data }) => JSON.parse(data));

/** A twin in virtual time and calls to it. */
export class TwinClient {
  readonly twin: RunningTwin;
  constructor(twin: RunningTwin) {
    this.twin = twin;
  }

  static async start(options: TwinOptionsInput = {}): Promise<TwinClient> {
    return new TwinClient(await startTwin({ clock: "virtual", ...options }));
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(this.twin.url + path, { headers });
  }

  /** Asks for the instants of the events as well. */
  post(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<Response> {
    return fetch(this.twin.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", [INSTANTS_HEADER]: "1", ...headers },
      body: JSON.stringify(body),
      signal,
    });
  }

  completion(body: Json, id?: string, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = id === undefined ? {} : { "x-request-id": id };
    return this.post("/v1/completions", { prompt: [1, 2, 3], ...body }, headers, signal);
  }

  async advance(until: number | null = null): Promise<Advanced> {
    const response = await fetch(`${this.twin.control}/twin/advance`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ until }),
    });
    return await response.json();
  }

  /** Advances until nothing is left to happen; returns the ids in the order of ending. */
  async drain(): Promise<string[]> {
    const finished: string[] = [];
    for (;;) {
      const step = await this.advance();
      finished.push(...step.finished);
      if (step.idle) return finished;
    }
  }

  /** Sends, drains, and reads the whole answer. */
  async answer(body: Json, id?: string): Promise<string> {
    const asked = this.completion(body, id);
    if (body.stream === true) await asked;
    // An answer in one piece has no headers before its end: others can only wait until it is in.
    else await new Promise((resolve) => setTimeout(resolve, 50));
    await this.drain();
    return await (await asked).text();
  }

  stop() {
    return this.twin.stop();
  }
}
