import type { ConnectionInfo } from "./connection.ts";
import {
  decodeJupyterMessage,
  encodeJupyterMessage,
  type JupyterMessage,
} from "./jupyter-message.ts";
import { ZmtpSocket } from "./zmtp-socket.ts";

export interface KernelClientOptions {
  /** Called for each message of the output channel, in order. */
  readonly onOutput: (message: JupyterMessage) => void;
  /** Answers the kernel's `prompt()`. */
  readonly onInput: (prompt: string) => Promise<string>;
}

/** How long to wait for the output channel before asking again, in ms. */
const NUDGE = 100;

/** A Jupyter client of one kernel: requests and their replies, outputs, input. */
export class KernelClient {
  #key: string;
  #session = crypto.randomUUID();
  #sockets: ZmtpSocket[] = [];
  #shell!: ZmtpSocket;
  #stdin!: ZmtpSocket;
  #replies = new Map<string, (content: Record<string, unknown>) => void>();
  #idle = new Map<string, () => void>();
  #options: KernelClientOptions;

  private constructor(key: string, options: KernelClientOptions) {
    this.#key = key;
    this.#options = options;
  }

  /** Connects to a kernel that listens; resolves once requests and outputs are seen to travel. */
  static async connect(
    connection: ConnectionInfo,
    options: KernelClientOptions,
  ): Promise<KernelClient> {
    const client = new KernelClient(connection.key, options);
    try {
      await client.#open(connection);
      await client.#awaitOutputs();
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  /**
   * Sends a request on the shell channel. `reply` is its answer's content; `done` resolves when the
   * kernel has also announced on the output channel that it is idle again.
   */
  request(type: string, content: Record<string, unknown>): {
    readonly reply: Promise<Record<string, unknown>>;
    readonly done: Promise<void>;
  } {
    const id = crypto.randomUUID();
    const reply = new Promise<Record<string, unknown>>((resolve) => this.#replies.set(id, resolve));
    const done = new Promise<void>((resolve) => this.#idle.set(id, resolve));
    // A send that fails means a dead kernel, which its process tells.
    void this.#send(this.#shell, { type, id, content }).catch(() => {});
    return { reply, done };
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }

  async #open({ ip: hostname, ...ports }: ConnectionInfo): Promise<void> {
    const open = async (
      type: "DEALER" | "SUB",
      port: number,
      take: (message: JupyterMessage) => void,
    ) => {
      const onMessage = (frames: Uint8Array[]) => {
        const message = decodeJupyterMessage(frames, this.#key);
        if (message !== null) take(message);
      };
      const socket = await ZmtpSocket.connect({ hostname, port, type, onMessage });
      this.#sockets.push(socket);
      return socket;
    };
    this.#shell = await open("DEALER", ports.shell_port, (message) => {
      const { parentId = "" } = message;
      this.#replies.get(parentId)?.(message.content);
      this.#replies.delete(parentId);
    });
    this.#stdin = await open("DEALER", ports.stdin_port, (message) => void this.#answer(message));
    await open("SUB", ports.iopub_port, (message) => this.#takeOutput(message));
  }

  #takeOutput(message: JupyterMessage): void {
    this.#options.onOutput(message);
    const { parentId = "" } = message;
    if (message.type !== "status" || message.content.execution_state !== "idle") return;
    this.#idle.get(parentId)?.();
    this.#idle.delete(parentId);
  }

  async #answer(message: JupyterMessage): Promise<void> {
    if (message.type !== "input_request") return;
    const value = await this.#options.onInput(String(message.content.prompt));
    const reply = { type: "input_reply", id: crypto.randomUUID(), content: { value } };
    await this.#send(this.#stdin, reply).catch(() => {});
  }

  /** A subscription counts some time after it was sent: ask until an answer comes through it. */
  async #awaitOutputs(): Promise<void> {
    let seen = false;
    while (!seen) {
      const { reply, done } = this.request("kernel_info_request", {});
      await reply;
      let timer: ReturnType<typeof setTimeout>;
      const nudge = new Promise<void>((resolve) => timer = setTimeout(resolve, NUDGE));
      await Promise.race([done.then(() => void (seen = true)), nudge]);
      clearTimeout(timer!);
    }
  }

  #send(socket: ZmtpSocket, message: JupyterMessage): Promise<void> {
    return socket.send(encodeJupyterMessage(message, { key: this.#key, session: this.#session }));
  }
}
