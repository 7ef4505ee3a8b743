import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { InputError } from "../../errors/input-error.ts";
import { resetSocket } from "./node-sink.ts";

/** vLLM's, in ms (`VLLM_HTTP_TIMEOUT_KEEP_ALIVE`). */
const KEEP_ALIVE = 5000;
/** Milliseconds in which the headers of a request have to come. */
const HEADERS_MS = 30_000;
/** Connections that may wait to be accepted: a burst of clients comes at once. */
const BACKLOG = 4096;
const RETRY_MS = 20;

/** A listening socket that can go down and come back at the same port. */
export class Listener {
  readonly #server: Server;
  readonly #host: string;
  readonly #sockets = new Set<Socket>();
  /** Answers under way. */
  #busy = 0;
  #onQuiet: () => void = () => {};
  #closed = false;
  #port: number;

  private constructor(host: string, port: number, handler: RequestListener) {
    this.#host = host;
    this.#port = port;
    this.#server = createServer({ noDelay: true }, (request, response) => {
      this.#busy++;
      response.on("close", () => {
        if (--this.#busy === 0) this.#onQuiet();
      });
      handler(request, response);
    });
    this.#server.keepAliveTimeout = KEEP_ALIVE;
    this.#server.requestTimeout = 0;
    this.#server.headersTimeout = HEADERS_MS;
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      // A client that resets its connection is no news.
      socket.on("error", () => {});
    });
  }

  /** @param port 0: any that is free */
  static async open(host: string, port: number, handler: RequestListener): Promise<Listener> {
    const listener = new Listener(host, port, handler);
    try {
      await listener.#listen();
    } catch (error) {
      throw new InputError({
        file: "twin options",
        field: "port",
        value: `${host}:${port}`,
        expected: `an address to listen on: ${(error as Error).message}`,
      });
    }
    return listener;
  }

  get url(): string {
    const host = this.#host.includes(":") ? `[${this.#host}]` : this.#host;
    return `http://${host}:${this.#port}`;
  }

  /** Listens. */
  async #listen(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen({ port: this.#port, host: this.#host, backlog: BACKLOG }, resolve);
    try {
      await promise;
    } finally {
      this.#server.off("error", reject);
    }
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Listens again at its port; tries on while the system still holds it. */
  async up(): Promise<void> {
    while (!this.#closed && !this.#server.listening) {
      try {
        return await this.#listen();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** Refuses new connections from now on; those that are in use go on. */
  down(): void {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  /** Resets every connection but those that `spared` names. */
  resetAll(spared: ReadonlySet<Socket> = new Set()): void {
    for (const socket of this.#sockets) if (!spared.has(socket)) resetSocket(socket);
  }

  /** Ends for good: waits until what was written is out, at most `patienceMs`. */
  async close(patienceMs = 1000): Promise<void> {
    this.#closed = true;
    if (this.#server.listening) this.#server.close();
    if (this.#busy > 0) {
      await new Promise<void>((resolve) => {
        const impatient = setTimeout(resolve, patienceMs);
        this.#onQuiet = () => {
          clearTimeout(impatient);
          resolve();
        };
      });
    }
    for (const socket of this.#sockets) socket.destroy();
  }
}
