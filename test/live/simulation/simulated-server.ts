import { type Random, substream } from "../../../src/random/substream.ts";
import { type AnswerScript, drawScript } from "./answer-script.ts";
import type { SimulatedMachine } from "./simulated-machine.ts";
import type { Host, HostConnection } from "./simulated-network.ts";

/** What a server did with an attempt, and how much of it has reached the client. */
export interface Served {
  readonly id: string;
  readonly server: number;
  readonly script: AnswerScript;
  /** Number of the connection on which it came. */
  readonly connection: number;
  /** Whether the client has been given all that it needs. */
  readonly enough: () => boolean;
}

/** How a simulated server behaves. */
export interface ServerOptions {
  readonly number: number;
  readonly seed: number;
  /** Chance that an answer is not what it should be. */
  readonly faults: number;
  readonly pause: number;
  readonly chat: boolean;
  readonly promptTokens: ArrayLike<number>;
  readonly outputTokens: ArrayLike<number>;
  /** Told of each request for an answer, when it is whole. */
  readonly onServed: (served: Served) => void;
}

const ID = /x-request-id: \S+-(\d+)-(\d+)\r\n/i;

/** A server that speaks HTTP over a simulated network, fails as its seed says, dies and recovers. */
export class SimulatedServer implements Host {
  listening = true;
  /** No fault from now on. */
  calm = false;
  readonly #connections = new Set<HostConnection>();
  readonly #random: Random;

  constructor(private readonly machine: SimulatedMachine, private readonly options: ServerOptions) {
    this.#random = substream(options.seed, `server/${options.number}`);
  }

  accept(connection: HostConnection): void {
    this.#connections.add(connection);
    let pending = "";
    let busy = false;
    const next = () => {
      const end = pending.indexOf("\r\n\r\n");
      if (busy || end < 0 || !connection.open) return;
      const headers = pending.slice(0, end + 2);
      const length = Number(/content-length: (\d+)/i.exec(headers)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      pending = pending.slice(end + 4 + length);
      busy = true;
      this.#answer(connection, headers, () => {
        busy = false;
        next();
      });
    };
    connection.onBytes = (bytes) => {
      for (const byte of bytes) pending += String.fromCharCode(byte);
      next();
    };
    connection.onClosed = () => this.#connections.delete(connection);
  }

  /** Stops as a process that is killed does. */
  die(): void {
    this.listening = false;
    for (const connection of this.#connections) connection.reset();
    this.#connections.clear();
  }

  recover(): void {
    this.listening = true;
  }

  #answer(connection: HostConnection, headers: string, done: () => void): void {
    const found = ID.exec(headers);
    const random = this.#random;
    if (found === null) return this.#page(connection, done);
    const { options, machine } = this;
    const row = Number(found[1]);
    const script = drawScript({
      random,
      promptTokens: options.promptTokens[row],
      tokens: options.outputTokens[row],
      chat: options.chat,
      pause: options.pause,
    }, this.calm ? 0 : options.faults);
    const { sent } = connection;
    // What comes from a process that has died belongs to nobody any more.
    if (connection.clientLives) {
      options.onServed({
        id: `${row}-${found[2]}`,
        server: options.number,
        script,
        connection: connection.number,
        enough: () => connection.delivered >= sent + script.enough,
      });
    }
    const send = (part: number) => {
      if (!connection.open) return;
      if (part === script.parts.length) {
        if (script.end === "keep") return done();
        if (script.end === "close") return connection.end();
        if (script.end === "reset") return connection.reset();
        connection.silence();
        // A connection that nobody closes is found dead by the system in the end.
        return;
      }
      machine.after(script.parts[part].after, () => {
        if (!connection.open) return;
        connection.send(script.parts[part].bytes);
        send(part + 1);
      });
    };
    send(0);
  }

  /** The page by which a server says that it is well, which may fail like everything else. */
  #page(connection: HostConnection, done: () => void): void {
    const draw = this.calm || this.#random.next() >= this.options.faults ? 1 : this.#random.next();
    const text = (status: number) => `HTTP/1.1 ${status} Said\r\ncontent-length: 2\r\n\r\nok`;
    const say = (what: string) => connection.send(new TextEncoder().encode(what));
    this.machine.after(1, () => {
      if (!connection.open) return;
      if (draw < 0.2) connection.reset();
      else if (draw < 0.4) connection.silence();
      else if (draw < 0.5) connection.end();
      else if (draw < 0.6) say("HTTP/1.1 nonsense\r\n\r\n");
      else if (draw < 0.7) say("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx");
      else {
        say(text(draw < 1 ? 503 : 200));
        done();
      }
    });
  }
}
