import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import * as z from "zod";
import {
  ApiError,
  badRequest,
  badValue,
  notImplemented,
  unknownModel,
  unknownRoute,
  wrongMethod,
} from "../api/api-error.ts";
import { chatFormat, completionFormat } from "../api/chunks.ts";
import {
  ChatMessage,
  chatRequest,
  completionRequest,
  type GenerationRequest,
  parseBody,
} from "../api/request-schema.ts";
import { LONGEST_TOKEN } from "../api/work-limits.ts";
import type { FaultSpec } from "../faults/fault-spec.ts";
import { flightsOf, type GenerationParts, templateMessages } from "../generation.ts";
import { StreamReply, WholeReply } from "../reply.ts";
import type { Twin } from "../twin.ts";
import { nodeSink, resetSocket, sendJson } from "./node-sink.ts";
import { isMeant } from "./allowed-host.ts";
import { isLetIn } from "./authorization.ts";
import { MOST_BODY_BYTES, readJson } from "./read-json.ts";
import { resetQuery } from "./reset-query.ts";
import { INSTANTS_HEADER } from "../../live/client/twin-instants.ts";

/** Paths that need a key where the server has one: vLLM's, and whatever changes the twin. */
const GUARDED = ["/v1", "/v2", "/inference", "/cohere", "/twin/", "/reset_prefix_cache"];
/** Handlers that vLLM keeps out of its HTTP metrics, and ours. */
const UNCOUNTED = ["/metrics", "/health", "/load", "/ping", "/version", "/server_info"];

/** Characters of a client's id at most: it stands in every event of every answer. */
const LONGEST_ID = 512;

/** What the service needs besides the twin itself. */
export interface ServiceOptions {
  readonly generation: GenerationParts;
  readonly model: string;
  readonly version: string;
  readonly apiKeys: readonly string[];
  /** Names that a request's `Host` may have besides those of this machine. */
  readonly hostNames: readonly string[];
  readonly promptTokensDetails: boolean;
  /** Whether there are routes that change the server, as in vLLM's development mode. */
  readonly devMode: boolean;
  readonly requestIdHeaders: boolean;
  readonly serverLoadTracking: boolean;
}

/** One exchange while it lasts. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  /** The client's id of it; null: none. */
  readonly id: string | null;
  /** Headers of every answer to it. */
  readonly headers: Readonly<Record<string, string>>;
  /** When it came, seconds on the twin's clock. */
  readonly arrival: number;
}

type Handler = (exchange: Exchange) => unknown;

const TokenizeBody = z.object({
  model: z.string().nullish(),
  prompt: z.string().optional(),
  messages: z.array(ChatMessage).optional(),
  add_special_tokens: z.boolean().nullish(),
  add_generation_prompt: z.boolean().nullish(),
  return_token_strs: z.boolean().nullish(),
});
const DetokenizeBody = z.object({
  model: z.string().nullish(),
  tokens: z.array(z.int().min(0)),
});

/** `{until}` in seconds on the twin's clock; null or absent: as far as it takes. */
const AdvanceBody = z.object({ until: z.number().min(0).nullish() });

/** The HTTP side of a twin: routes, keys, errors, as of vLLM 0.30 (reference §1, §2). */
export class Service {
  readonly #twin: Twin;
  readonly #options: ServiceOptions;
  readonly #routes: ReadonlyMap<string, Readonly<Record<string, Handler>>>;
  /** Connections over which somebody tells the twin itself what to do. */
  readonly #controls = new Set<Socket>();
  #load = 0;

  constructor(twin: Twin, options: ServiceOptions) {
    this.#twin = twin;
    this.#options = options;
    const empty: Handler = ({ response, headers }) => response.writeHead(200, headers).end();
    const completions: Handler = (exchange) => this.#generate(exchange, completionRequest);
    const chat: Handler = (exchange) => this.#generate(exchange, chatRequest);
    this.#routes = new Map<string, Readonly<Record<string, Handler>>>([
      ["/v1/completions", { POST: completions }],
      ["/v1/chat/completions", { POST: chat }],
      ["/invocations", { POST: (exchange) => this.#generate(exchange, anyRequest) }],
      ["/v1/models", { GET: (exchange) => this.#json(exchange, this.#models()) }],
      ["/health", { GET: empty }],
      ["/ping", { GET: empty, POST: empty }],
      ["/version", { GET: (exchange) => this.#json(exchange, { version: options.version }) }],
      ["/load", { GET: (exchange) => this.#json(exchange, { server_load: this.#load }) }],
      ["/metrics", { GET: (exchange) => this.#metrics(exchange) }],
      ["/tokenize", { POST: (exchange) => this.#tokenize(exchange) }],
      ["/detokenize", { POST: (exchange) => this.#detokenize(exchange) }],
      ["/twin/clock", { GET: (exchange) => this.#json(exchange, twin.describeClock()) }],
      ["/twin/advance", { POST: (exchange) => this.#advance(exchange) }],
      ...options.devMode
        ? [
          ["/reset_prefix_cache", { POST: (exchange: Exchange) => this.#reset(exchange) }] as const,
        ]
        : [],
    ]);
  }

  get controls(): ReadonlySet<Socket> {
    return this.#controls;
  }

  /** Answers a request; never throws. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#twin.keepUp();
    const arrival = this.#twin.now();
    const target = request.url ?? "/";
    // A target such as `//` is no URL, and no path of ours either.
    const path = URL.parse(target, "http://twin")?.pathname ?? target;
    const given = request.headers["x-request-id"];
    const id = typeof given === "string" && given !== "" ? given : null;
    const { requestIdHeaders } = this.#options;
    const headers: Readonly<Record<string, string>> = requestIdHeaders
      ? { "x-request-id": id ?? this.#twin.drawId() }
      : {};
    const exchange = { request, response, path, id, headers, arrival };
    this.#count(exchange);
    try {
      await this.#route(exchange);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const known = error instanceof ApiError
        ? error
        : new ApiError(500, "InternalServerError", (error as Error).message);
      sendJson(response, { status: known.status, json: JSON.stringify(known.body), headers });
      closeUnread(request, response);
    }
  }

  /** Answers on the listener that knows `/twin/…` alone. */
  async serveControl(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith("/twin/")) return await this.serve(request, response);
    request.resume();
    sendJson(response, { status: 404, json: JSON.stringify(unknownRoute().body), headers: {} });
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, response, path, headers } = exchange;
    const route = this.#routes.get(path);
    if (!isMeant(request.headers.host, this.#options.hostNames)) {
      const json = '{"error":"This server does not go by the name in Host (--allowed-host)."}';
      sendJson(response, { status: 421, json, headers });
      closeUnread(request, response);
      return;
    }
    if (GUARDED.some((prefix) => path.startsWith(prefix)) && !this.#isLetIn(request)) {
      sendJson(response, { status: 401, json: '{"error":"Unauthorized"}', headers });
      closeUnread(request, response);
      return;
    }
    if (route === undefined) throw unknownRoute();
    const handler = route[request.method ?? "GET"];
    if (handler === undefined) throw wrongMethod();
    await handler(exchange);
  }

  #isLetIn({ method, headers }: IncomingMessage): boolean {
    return method === "OPTIONS" || isLetIn(headers.authorization, this.#options.apiKeys);
  }

  /** Books the exchange in the HTTP metrics when it is over. */
  #count({ request, response, path, arrival }: Exchange): void {
    if (UNCOUNTED.includes(path) || path.startsWith("/twin/")) return;
    const { metrics } = this.#twin.room;
    response.on("finish", () => {
      metrics.http({
        handler: this.#routes.has(path) ? path : "none",
        method: request.method ?? "GET",
        status: response.statusCode,
        seconds: this.#twin.now() - arrival,
        requestBytes: Number(request.headers["content-length"] ?? 0),
        responseBytes: Number(response.getHeader("content-length") ?? 0),
      });
    });
  }

  async #generate(
    exchange: Exchange,
    parse: (json: unknown) => GenerationRequest,
  ): Promise<void> {
    const { request: incoming, response, id: header, headers } = exchange;
    const fault = this.#twin.faultOf(header);
    if (fault !== null && this.#answersInstead(exchange, fault)) return;
    const request = parse(await readJson(incoming));
    const { model, generation } = this.#options;
    if (request.model !== null && request.model !== model) throw unknownModel(request.model);
    const id = header ?? request.requestId;
    if (id !== null && id.length > LONGEST_ID) {
      throw badValue(`request_id must have at most ${LONGEST_ID} characters, got ${id.length}.`, [
        "request_id",
      ]);
    }
    const flights = await flightsOf(request, id, generation);
    const name = id ?? this.#twin.drawId();
    const head = {
      id: `${request.endpoint === "chat" ? "chatcmpl" : "cmpl"}-${name}`,
      created: this.#twin.unixTime(),
      model,
    };
    const format = request.endpoint === "chat"
      ? chatFormat(head, request, this.#options)
      : completionFormat(head, request, this.#options);
    const parts = {
      id: name,
      request,
      flights,
      format,
      fault,
      stamped: this.#twin.clock.mode !== "real" && incoming.headers[INSTANTS_HEADER] !== undefined,
      sink: nodeSink(response, headers),
    };
    const admit = () => {
      if (response.destroyed) return;
      const { room } = this.#twin;
      const reply = request.stream ? new StreamReply(parts, room) : new WholeReply(parts, room);
      this.#track(response);
      response.on("close", () => this.#twin.gone(reply));
      this.#twin.admit(reply, exchange.arrival, priorityOf(incoming) ?? request.priority);
    };
    if (fault?.kind === "slow-headers") {
      this.#twin.room.later(this.#twin.now() + fault.seconds, admit);
      this.#twin.arm();
    } else admit();
  }

  /** Lets a fault answer that leaves nothing to generate. True when it did. */
  #answersInstead({ request, response, headers }: Exchange, fault: FaultSpec): boolean {
    switch (fault.kind) {
      case "reset-before-headers":
        resetSocket(response.socket);
        return true;
      case "restart":
        this.#twin.restart(fault.seconds);
        return true;
      case "refuse":
        this.#twin.refuse(fault.seconds);
        return false;
      case "html": {
        request.resume();
        const page = `<!DOCTYPE html><html><head><title>${fault.status}</title></head>` +
          `<body><h1>Not a language model</h1></body></html>\n`;
        response.writeHead(fault.status, { "content-type": "text/html; charset=utf-8" }).end(page);
        return true;
      }
      case "status": {
        request.resume();
        const { status, retryAfter } = fault;
        const error = new ApiError(status, FAULT_TYPES[status], `Injected fault: ${status}.`);
        const json = status === 401 ? '{"error":"Unauthorized"}' : JSON.stringify(error.body);
        const late: Record<string, string> = retryAfter === undefined
          ? {}
          : { "retry-after": String(retryAfter) };
        sendJson(response, { status, json, headers: { ...headers, ...late } });
        return true;
      }
      default:
        return false;
    }
  }

  /** Counts the open request for `/load`. */
  #track(response: ServerResponse): void {
    if (!this.#options.serverLoadTracking) return;
    this.#load++;
    response.on("close", () => this.#load--);
  }

  #json({ response, headers }: Exchange, value: unknown): void {
    sendJson(response, { status: 200, json: JSON.stringify(value), headers });
  }

  #models() {
    const { model, generation } = this.#options;
    const created = this.#twin.unixTime();
    const permission = {
      id: `modelperm-${this.#twin.drawId().slice(0, 16)}`,
      object: "model_permission",
      created,
      allow_create_engine: false,
      allow_sampling: true,
      allow_logprobs: true,
      allow_search_indices: false,
      allow_view: true,
      allow_fine_tuning: false,
      organization: "*",
      group: null,
      is_blocking: false,
    };
    return {
      object: "list",
      data: [{
        id: model,
        object: "model",
        created,
        owned_by: "vllm",
        root: model,
        parent: null,
        max_model_len: generation.config.max_model_len,
        permission: [permission],
      }],
    };
  }

  async #metrics({ response, headers }: Exchange): Promise<void> {
    this.#twin.catchUp();
    const text = await this.#twin.room.metrics.text();
    response.writeHead(200, {
      ...headers,
      "content-type": "text/plain; version=0.0.4; charset=utf-8",
    });
    response.end(text);
  }

  async #reset(exchange: Exchange): Promise<void> {
    exchange.request.resume();
    const { running, external } = resetQuery(exchange.request.url ?? "");
    const success = await this.#twin.resetPrefixCache(running);
    // No connector has a cache outside: vLLM calls that a failure.
    this.#json(exchange, { success: success && !external });
  }

  async #tokenize(exchange: Exchange): Promise<void> {
    const body = parseBody(TokenizeBody, await readJson(exchange.request));
    this.#checkModel(body.model);
    const { tokenizer, config } = this.#options.generation;
    const { prompt, messages } = body;
    if ((prompt === undefined) === (messages === undefined)) {
      const missing = (field: string) => `{'loc': 'body.${field}', 'msg': 'Field required'}`;
      throw badRequest([missing("prompt"), missing("messages")], "body.prompt");
    }
    assertReadable(prompt ?? messages!.map(({ content }) => content), config.max_model_len);
    const text = prompt ??
      await tokenizer.template(templateMessages(messages!), body.add_generation_prompt ?? true);
    const special = body.add_special_tokens ?? prompt !== undefined;
    const tokens = await tokenizer.encode(text, special);
    this.#json(exchange, {
      count: tokens.length,
      max_model_len: config.max_model_len,
      tokens,
      token_strs: body.return_token_strs ? await tokenizer.pieces(tokens) : null,
    });
  }

  async #detokenize(exchange: Exchange): Promise<void> {
    const json = await readJson(exchange.request);
    const most = this.#options.generation.config.max_model_len;
    const given = (json as { readonly tokens?: { readonly length?: unknown } } | null)?.tokens
      ?.length;
    if (Number(given) > most) {
      throw badValue(`tokens must be at most ${most} ids, got ${given}.`, ["tokens"]);
    }
    const body = parseBody(DetokenizeBody, json);
    this.#checkModel(body.model);
    const prompt = await this.#options.generation.tokenizer.decode(body.tokens);
    this.#json(exchange, { prompt });
  }

  #checkModel(model: string | null | undefined): void {
    if (model && model !== this.#options.model) throw unknownModel(model);
  }

  async #advance(exchange: Exchange): Promise<void> {
    this.#controls.add(exchange.request.socket);
    const { until } = parseBody(AdvanceBody, await readJson(exchange.request));
    if (this.#twin.clock.mode !== "virtual") {
      throw notImplemented("Only a twin in virtual time can be advanced.");
    }
    this.#json(exchange, await this.#twin.advance(until ?? Infinity));
  }
}

/** Seconds after which a connection is closed whose body nobody wants to read. */
const UNREAD_SECONDS = 2;

/**
 * Closes a connection once its answer is out where the client still has a body to send: reading it to
 * its end, to keep the connection, could take for ever. What is left of a short one is passed over.
 */
function closeUnread(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  let passed = 0;
  const close = () => request.socket?.destroy();
  const timer = setTimeout(close, 1000 * UNREAD_SECONDS);
  request.on("data", (chunk: Uint8Array) => {
    passed += chunk.length;
    if (passed > MOST_BODY_BYTES) close();
  });
  request.on("error", () => {});
  for (const event of ["end", "close"]) request.on(event, () => clearTimeout(timer));
  response.on("error", () => {});
  request.resume();
}

const FAULT_TYPES: Readonly<Record<number, string>> = {
  400: "BadRequestError",
  404: "NotFoundError",
  429: "RateLimitError",
  500: "InternalServerError",
  503: "ServiceUnavailableError",
};

/** `X-Vllm-Priority`; null: absent or no whole number, which vLLM ignores in silence. */
function priorityOf({ headers }: IncomingMessage): number | null {
  const given = headers["x-vllm-priority"];
  return typeof given === "string" && /^\s*[-+]?\d+\s*$/.test(given) ? Number(given) : null;
}

/** Refuses a text that no context holds before it is tokenised. */
function assertReadable(text: unknown, longest: number): void {
  const characters = typeof text === "string" ? text.length : JSON.stringify(text).length;
  if (characters <= longest * LONGEST_TOKEN) return;
  throw badValue(
    `This model's maximum context length is ${longest} tokens; a text of ${characters} characters ` +
      "has more.",
    ["prompt"],
  );
}

/** A body for either endpoint, told apart by what it holds. */
function anyRequest(json: unknown): GenerationRequest {
  const isChat = typeof json === "object" && json !== null && "messages" in json;
  return isChat ? chatRequest(json) : completionRequest(json);
}
