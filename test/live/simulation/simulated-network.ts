import http from "node:http";
import { Duplex } from "node:stream";
import { type Random, uniformInt } from "../../../src/random/substream.ts";
import type { SimulatedMachine, SimulatedProcess } from "./simulated-machine.ts";

/** How well the network works. */
export interface NetworkOptions {
  /** Longest delay of a segment, milliseconds. */
  readonly delay: number;
  /** Chance that a connection breaks somewhere on the way. */
  readonly breaks: number;
  /** Chance that a connection can't be made, besides hosts that are down. */
  readonly unreachable: number;
  /** Whether segments are cut anywhere. */
  readonly cuts: boolean;
}

/** A connection as a host has it. */
export interface HostConnection {
  /** Called with what the client sends, and when it has closed the connection. */
  onBytes: (bytes: Uint8Array) => void;
  onClosed: () => void;
  /** Bytes sent to the client so far, and of those what it was given. */
  readonly sent: number;
  readonly delivered: number;
  /** Whether neither side has closed it, as far as the host knows. */
  readonly open: boolean;
  readonly number: number;
  /** Whether the client's process lives, which no host can know. */
  readonly clientLives: boolean;
  send(bytes: Uint8Array): void;
  /** Closes it in order, when all that was sent has arrived. */
  end(): void;
  /** Breaks it: the client gets a reset, what is on its way is lost. */
  reset(): void;
  /** From here on nothing comes through, in either direction, and nobody is told. */
  silence(): void;
}

/** Who listens at a name. */
export interface Host {
  /** Whether somebody listens now. */
  readonly listening: boolean;
  accept(connection: HostConnection): void;
}

/** What is told of the network as it happens. */
export interface NetworkObserver {
  /** Bytes leave a process for a host, on a connection by its number. */
  onSend(host: string, bytes: Uint8Array, connection: number): void;
  trace(line: string): void;
}

const ERRORS = {
  ECONNREFUSED: "connect ECONNREFUSED",
  EHOSTUNREACH: "connect EHOSTUNREACH",
  ETIMEDOUT: "connect ETIMEDOUT",
  ECONNRESET: "read ECONNRESET",
} as const;

function errorOf(code: keyof typeof ERRORS): Error {
  return Object.assign(new Error(ERRORS[code]), { code });
}

/** Connections between processes and hosts that are slow, break, and cut everything into pieces. */
export class SimulatedNetwork {
  readonly hosts = new Map<string, Host>();
  /** Connections that a process holds now. */
  readonly connections = new Set<ClientSocket>();
  /** No fault from now on. */
  calm = false;
  #numbers = 0;
  #all: ClientSocket[] = [];

  constructor(
    readonly machine: SimulatedMachine,
    readonly random: Random,
    readonly options: NetworkOptions,
    readonly observer: NetworkObserver,
  ) {}

  /** Puts this network in the place of TCP for `node:http`. Returns what puts it back. */
  install(): () => void {
    const prototype = http.Agent.prototype as unknown as {
      createConnection?: (options: { host: string }) => Duplex;
    };
    const before = prototype.createConnection;
    prototype.createConnection = ({ host }) => this.#connect(host);
    return () => {
      if (before === undefined) delete prototype.createConnection;
      else prototype.createConnection = before;
    };
  }

  #connect(name: string): Duplex {
    const number = this.#numbers++;
    const socket = new ClientSocket(this, name, number);
    const { machine, random, options } = this;
    this.connections.add(socket);
    this.#all.push(socket);
    const draw = this.calm ? 1 : random.next();
    const failure = draw >= options.unreachable
      ? null
      : draw < options.unreachable / 2
      ? { code: "ETIMEDOUT", after: 20_000 } as const
      : { code: "EHOSTUNREACH", after: 3000 * random.next() } as const;
    const after = failure?.after ?? this.delay();
    machine.after(after, () => {
      if (!socket.held) return;
      const host = this.hosts.get(name);
      if (failure !== null) return socket.fail(failure.code);
      if (host === undefined || !host.listening) return socket.fail("ECONNREFUSED");
      this.observer.trace(`connection ${number} to ${name}`);
      host.accept(socket.connected());
    });
    return socket;
  }

  /**
   * Breaks the connections of processes that have died. Nobody learns of it but what modules keep of
   * their calls, which dies with a real process.
   */
  abandon(): void {
    for (const socket of this.#all) {
      if (socket.held || socket.destroyed) continue;
      socket.destroy(errorOf("ECONNRESET"));
    }
    this.#all = this.#all.filter((socket) => socket.held);
  }

  /** How long a segment is on its way, milliseconds. */
  delay(): number {
    const { random, options } = this;
    return 0.05 + options.delay * random.next() ** 3;
  }
}

/** The client's end of a connection, and through {@link connected} the host's. */
export class ClientSocket extends Duplex {
  readonly #process: SimulatedProcess;
  #host: MutableConnection | null = null;
  #pending: Uint8Array[] = [];
  #silent = false;
  /** When what was sent last arrives, up to the host and down to the client. */
  #upAt = 0;
  #downAt = 0;
  /** Bytes down to the client after which the connection breaks, and how. */
  #breakAfter = Infinity;
  #breakHow: "reset" | "end" | "silence" = "reset";

  constructor(
    private readonly network: SimulatedNetwork,
    readonly hostName: string,
    readonly number: number,
  ) {
    super({ allowHalfOpen: false, emitClose: true });
    this.#process = network.machine.process;
    this.#process.onDeath(() => {
      this.network.connections.delete(this);
      if (this.#host !== null) this.#host.clientLives = false;
      this.#tellClosed();
    });
  }

  /** Whether its process lives and has not closed it. */
  get held(): boolean {
    return this.#process.alive && !this.destroyed;
  }

  /** As of a socket: what it has been given. */
  get bytesRead(): number {
    return this.#host?.delivered ?? 0;
  }

  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  fail(code: keyof typeof ERRORS): void {
    if (!this.held) return;
    this.network.observer.trace(`connection ${this.number}: ${code}`);
    this.destroy(errorOf(code));
  }

  connected(): HostConnection {
    const { network } = this, { random, options } = network;
    if (!network.calm && random.next() < options.breaks) {
      this.#breakAfter = uniformInt(random, [80, 400, 3000][uniformInt(random, 3)]);
      this.#breakHow = (["reset", "end", "silence"] as const)[uniformInt(random, 3)];
    }
    const host: MutableConnection = {
      onBytes: () => {},
      onClosed: () => {},
      sent: 0,
      delivered: 0,
      open: true,
      clientLives: true,
      number: this.number,
      send: (bytes) => this.#sendDown(bytes),
      end: () => {
        host.open = false;
        this.#down(() => this.push(null), "ended");
      },
      reset: () => {
        host.open = false;
        this.#down(() => this.destroy(errorOf("ECONNRESET")), "reset", 0);
      },
      silence: () => {
        this.#silent = true;
      },
    };
    this.#host = host;
    this.emit("connect");
    for (const bytes of this.#pending.splice(0)) this.#sendUp(bytes);
    return host;
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    if (!this.#process.alive) return;
    const bytes = Uint8Array.from(chunk);
    this.network.observer.onSend(this.hostName, bytes, this.number);
    if (this.#host === null) this.#pending.push(bytes);
    else this.#sendUp(bytes);
    done();
  }

  override _final(done: () => void): void {
    this.#tellClosed();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.network.connections.delete(this);
    this.#tellClosed();
    done(error);
  }

  #tellClosed(): void {
    const host = this.#host;
    if (host === null || !host.open || this.#silent) return;
    this.#upAt = Math.max(this.#upAt, this.network.machine.now + this.network.delay());
    this.network.machine.at(this.#upAt, () => {
      if (!host.open) return;
      host.open = false;
      host.onClosed();
    });
  }

  #sendUp(bytes: Uint8Array): void {
    const { machine } = this.network;
    for (const piece of this.#pieces(bytes)) {
      this.#upAt = Math.max(this.#upAt, machine.now + this.network.delay());
      machine.at(this.#upAt, () => {
        if (this.#host?.open && !this.#silent) this.#host.onBytes(piece);
      });
    }
  }

  #sendDown(bytes: Uint8Array): void {
    const host = this.#host!;
    if (!host.open) return;
    for (const piece of this.#pieces(bytes)) {
      host.sent += piece.length;
      this.#down(() => this.#deliver(piece), `${piece.length} bytes`);
    }
  }

  #deliver(piece: Uint8Array): void {
    const host = this.#host!;
    const left = this.#breakAfter - host.delivered;
    if (left <= 0) return;
    const part = piece.subarray(0, Math.min(piece.length, left));
    host.delivered += part.length;
    const broken = part.length === left && left !== Infinity;
    this.push(part);
    // What was read before is dealt with when the break is seen.
    if (broken) this.network.machine.at(this.network.machine.now, () => this.#break(host));
  }

  #break(host: MutableConnection): void {
    if (!this.held) return;
    this.network.observer.trace(`connection ${this.number} breaks: ${this.#breakHow}`);
    if (this.#breakHow === "silence") this.#silent = true;
    else if (this.#breakHow === "end") this.push(null);
    else this.destroy(errorOf("ECONNRESET"));
    if (this.#breakHow === "silence" || !host.open) return;
    host.open = false;
    host.onClosed();
  }

  #down(then: () => void, what: string, delay = this.network.delay()): void {
    const { machine, observer } = this.network;
    this.#downAt = Math.max(this.#downAt, machine.now + delay);
    machine.at(this.#downAt, () => {
      if (!this.held || this.#silent) return;
      observer.trace(`connection ${this.number}: ${what}`);
      then();
    });
  }

  #pieces(bytes: Uint8Array): Uint8Array[] {
    const { random, options } = this.network;
    if (!options.cuts || bytes.length < 2) return [bytes];
    const pieces: Uint8Array[] = [];
    for (let from = 0; from < bytes.length;) {
      const whole = random.next() < 0.6;
      const to = whole ? bytes.length : from + 1 + uniformInt(random, bytes.length - from);
      pieces.push(bytes.subarray(from, to));
      from = to;
    }
    return pieces;
  }
}

type MutableConnection = { -readonly [K in keyof HostConnection]: HostConnection[K] };
