import type { Agent } from "node:http";
import * as z from "zod";
import { escapeControls } from "../../errors/escape-controls.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { type ApiKey, readApiKey } from "./api-key.ts";
import { Attempt } from "./attempt.ts";
import { INSTANTS_HEADER } from "./twin-instants.ts";
import type { Clock } from "./clock.ts";
import type { CompletionRequest } from "./completion-request.ts";
import type { CompleteOptions, CompletionClient, Exchange } from "./exchange.ts";
import { fetchPage, type Page } from "./fetch-page.ts";
import { httpCall } from "./http-call.ts";
import { closeIdle, idleAgent } from "./idle-agent.ts";
import { endpointPath, requestBody } from "./request-body.ts";
import { serverAddress } from "./server-address.ts";
import { StallWatch } from "./stall-watch.ts";

const seconds = z.number().positive();

/** Options of a {@link VllmClient}. */
export const VllmClientOptions = z.strictObject({
  /**
   * Environment variable with the server's key. Absent: `VLLM_API_KEY` or `OPENAI_API_KEY`, if one is
   * set; null: send no key. The key itself is no option, so that none stands in a notebook or a file.
   */
  apiKeyVariable: z.string().min(1).nullable().optional(),
  /** Keep the answers' text in the exchanges. */
  keepText: z.boolean().default(false),
  /** Seconds without an event after which an attempt has stalled; absent: any queue is waited for. */
  firstByteSeconds: seconds.optional(),
  /** Seconds of silence between two reads of a stream after which it has stalled. */
  betweenChunksSeconds: seconds.optional(),
  /** `twin`: instants are those that a twin names in its comments, not those of the socket. */
  instants: z.enum(["socket", "twin"]).default("socket"),
  /** Whether the server may be another than vLLM: it is sent what OpenAI's API has. */
  anyServer: z.boolean().default(false),
});
export type VllmClientOptions = z.input<typeof VllmClientOptions>;

/** How a page is asked for. */
export interface PageRequestOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Longest time for the whole answer. @default 10 */
  readonly seconds?: number;
}

/** What a server says is cut to this many characters in a message. */
const LONGEST_MESSAGE = 300;
/** Seconds that a page, for example `/metrics`, may take. */
const PAGE_SECONDS = 10;

/**
 * Client of one server that speaks OpenAI's API as vLLM does: streams completions and says of each attempt exactly what happened.
 * Nothing is retried inside; who retries must know what a second attempt would count twice.
 *
 * Connections are kept for the next request for less than the server's 5 s; there is no limit on
 * how many are open and none on how long a request may be queued, unless the options set one. An
 * https server with a certificate of its own is trusted by `NODE_EXTRA_CA_CERTS`.
 *
 * @example
 * const client = new live.VllmClient("http://localhost:8000", live.monotonicClock());
 * const exchange = await client.complete({
 *   id: "r-1", model: "qwen", endpoint: "completions", prompt: [1, 2, 3], maxTokens: 16,
 * });
 */
export class VllmClient implements CompletionClient {
  readonly server: string;
  readonly #clock: Clock;
  readonly #options: z.output<typeof VllmClientOptions>;
  readonly #key: ApiKey | null;
  readonly #agent: Agent;
  readonly #stalls: StallWatch;
  readonly #signal: AbortSignal | undefined;

  /**
   * Throws an InputError for an address, options or a key that can't be used.
   *
   * @param signal ends pages under way, and those asked for later
   */
  constructor(
    address: string,
    clock: Clock,
    options: VllmClientOptions = {},
    signal?: AbortSignal,
  ) {
    this.server = serverAddress(address);
    this.#clock = clock;
    this.#signal = signal;
    this.#options = parseWith(VllmClientOptions, options, "options of the client");
    const { apiKeyVariable } = this.#options;
    this.#key = apiKeyVariable === null ? null : readApiKey(apiKeyVariable);
    this.#agent = idleAgent(this.server);
    this.#stalls = new StallWatch({
      firstByteSeconds: this.#options.firstByteSeconds ?? Infinity,
      betweenChunksSeconds: this.#options.betweenChunksSeconds ?? Infinity,
    });
  }

  /**
   * One attempt. Resolves whatever the server does; rejects with an InputError for a request that no
   * server could take.
   */
  async complete(request: CompletionRequest, options: CompleteOptions = {}): Promise<Exchange> {
    const body = requestBody(request, { anyServer: this.#options.anyServer });
    const { signal, onAccepted, onFirstToken, onRead } = options;
    return await new Promise((resolve) => {
      const end = (exchange: Exchange) => {
        watched.release();
        signal?.removeEventListener("abort", abort);
        if (exchange.outcome.kind === "failed") call.cancel();
        else call.finish();
        resolve(exchange);
      };
      const attempt = new Attempt(request, {
        server: this.server,
        clock: this.#clock,
        twinInstants: this.#options.instants === "twin",
        keepText: this.#options.keepText,
        onAccepted,
        onRead,
        onFirstToken,
        clean: (message) => this.#clean(message),
        onHeard: () => watched.heard(),
        onEnd: end,
      });
      const abort = () => attempt.onFailure("aborted", "the caller cancelled the request");
      const watched = this.#stalls.watch((reason, limit) =>
        attempt.onFailure(reason, `silence of more than ${limit} s`)
      );
      const call = httpCall({
        method: "POST",
        url: this.server + endpointPath(request),
        headers: {
          ...this.#headers(),
          accept: "text/event-stream",
          "content-type": "application/json",
          "content-length": String(new TextEncoder().encode(body).length),
          "x-request-id": request.id,
          ...this.#options.instants === "twin" && { [INSTANTS_HEADER]: "1" },
        },
        body,
      }, { agent: this.#agent, listener: attempt });
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
    });
  }

  /**
   * A page of the server's, for example `/metrics`. Rejects with a ServerError that names the server
   * and what went wrong, without the key.
   */
  async get(path: string, options: PageRequestOptions = {}): Promise<Page> {
    return await fetchPage({
      method: "GET",
      url: this.server + path,
      headers: this.#headers(),
    }, {
      agent: this.#agent,
      seconds: options.seconds ?? PAGE_SECONDS,
      signals: [options.signal, this.#signal],
      clean: (message) => this.#clean(message),
    });
  }

  /**
   * Posts JSON to a page of the server's that is no generation, for example `/tokenize`. Rejects as
   * {@link get} does.
   */
  async post(path: string, json: unknown, options: PageRequestOptions = {}): Promise<Page> {
    const body = JSON.stringify(json);
    return await fetchPage({
      method: "POST",
      url: this.server + path,
      headers: {
        ...this.#headers(),
        "content-type": "application/json",
        "content-length": String(new TextEncoder().encode(body).length),
      },
      body,
    }, {
      agent: this.#agent,
      seconds: options.seconds ?? PAGE_SECONDS,
      signals: [options.signal, this.#signal],
      clean: (message) => this.#clean(message),
    });
  }

  /** Closes idle connections, which would otherwise keep a process alive for seconds. */
  close(): void {
    closeIdle(this.#agent);
  }

  toJSON(): { server: string; apiKey: string | null } {
    return { server: this.server, apiKey: this.#key?.toString() ?? null };
  }

  /** Headers with the server's key, for pages that are asked in another way; none without a key. */
  keyHeaders(): Record<string, string> {
    return this.#key === null ? {} : { authorization: this.#key.authorization() };
  }

  #headers(): Record<string, string> {
    return { "accept-encoding": "identity", ...this.keyHeaders() };
  }

  /** One line, without the key and control characters, not too long. */
  #clean(message: string): string {
    const line = (this.#key?.redact(message) ?? message).replace(/\s+/g, " ").trim();
    const short = line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
    return escapeControls(short);
  }
}
