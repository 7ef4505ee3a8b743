import { encodeMessage, FrameReader, greeting, readyCommand } from "./zmtp-frames.ts";

const GREETING_BYTES = 64;
const SUBSCRIBE_TO_ALL = new Uint8Array([0x01]);

export interface ZmtpSocketOptions {
  readonly hostname: string;
  readonly port: number;
  /** `SUB` subscribes to everything at once. */
  readonly type: "DEALER" | "SUB";
  /** Called for each message, in order, with its frames. */
  readonly onMessage: (frames: Uint8Array[]) => void;
}

/**
 * The client's end of a ZeroMQ socket over TCP.
 *
 * Own code because the npm binding `zeromq` (6.8.0) loses wake-ups under Deno 2.9.6: a DEALER that
 * answered three requests in a row never saw the second one.
 */
export class ZmtpSocket {
  #connection: Deno.TcpConn;
  #reader: FrameReader;
  #options: ZmtpSocketOptions;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(connection: Deno.TcpConn, options: ZmtpSocketOptions) {
    this.#connection = connection;
    this.#reader = new FrameReader(connection);
    this.#options = options;
  }

  /** Connects and shakes hands; rejects where nobody listens. */
  static async connect(options: ZmtpSocketOptions): Promise<ZmtpSocket> {
    const { hostname, port, type } = options;
    const connection = await Deno.connect({ hostname, port });
    connection.setNoDelay(true);
    const socket = new ZmtpSocket(connection, options);
    try {
      await socket.#write(greeting());
      await socket.#reader.bytes(GREETING_BYTES);
      await socket.#write(readyCommand(type));
      const { command } = await socket.#reader.frame();
      if (!command) throw new Error(`Port ${port} does not speak ZMTP`);
      if (type === "SUB") await socket.send([SUBSCRIBE_TO_ALL]);
    } catch (error) {
      socket.close();
      throw error;
    }
    void socket.#receive();
    return socket;
  }

  /** Sends one message; messages leave whole and in the order of the calls. */
  send(frames: readonly Uint8Array[]): Promise<void> {
    return this.#write(encodeMessage(frames));
  }

  close(): void {
    try {
      this.#connection.close();
    } catch {
      // closed before
    }
  }

  #write(bytes: Uint8Array): Promise<void> {
    const written = this.#writing.then(async () => {
      for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
    });
    this.#writing = written.catch(() => {});
    return written;
  }

  async #receive(): Promise<void> {
    try {
      let frames: Uint8Array[] = [];
      while (true) {
        const { body, more, command } = await this.#reader.frame();
        if (command) continue;
        frames.push(body);
        if (more) continue;
        this.#options.onMessage(frames);
        frames = [];
        // An answer carries the acknowledgement that the kernel's socket waits for (Nagle);
        // without it a small message can take 40 ms. Subscribing again has no other effect.
        if (this.#options.type === "SUB") void this.send([SUBSCRIBE_TO_ALL]).catch(() => {});
      }
    } catch {
      // The connection ended; whether the kernel died is known from its process.
      this.close();
    }
  }
}
