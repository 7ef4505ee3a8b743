import { createServer, type Server, type Socket } from "node:net";

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Talks to one connection in raw bytes, so that it can break every rule of HTTP. */
export interface Wire {
  readonly socket: Socket;
  /** Bytes as they are, or text as UTF-8. */
  write(data: string | Uint8Array): Promise<void>;
  /** Head of a chunked event stream with status 200. */
  beginStream(): Promise<void>;
  /** One chunk of a chunked body. */
  chunk(data: string | Uint8Array): Promise<void>;
  /** The chunk that ends a chunked body; the connection stays open. */
  endStream(): Promise<void>;
  /** A whole answer with its length. */
  answer(status: number, body: string, headers?: Record<string, string>): Promise<void>;
  /** Closes as a process that ends does (FIN), or as one that crashes (RST). */
  close(): void;
  reset(): void;
  /** Resolves when the other side has closed the connection. */
  readonly closed: Promise<void>;
}

export type Script = (request: SeenRequest, wire: Wire) => void | Promise<void>;

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Connections accepted until now. */
  readonly connections: number;
  stop(): Promise<void>;
}

const encoder = new TextEncoder();

function wireOf(socket: Socket): Wire {
  const write = (data: string | Uint8Array) =>
    new Promise<void>((resolve) => {
      if (socket.destroyed) return resolve();
      socket.write(typeof data === "string" ? encoder.encode(data) : data, () => resolve());
    });
  const chunk = async (data: string | Uint8Array) => {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    const head = encoder.encode(`${bytes.length.toString(16)}\r\n`);
    const whole = new Uint8Array(head.length + bytes.length + 2);
    whole.set(head);
    whole.set(bytes, head.length);
    whole.set([13, 10], head.length + bytes.length);
    await write(whole);
  };
  return {
    socket,
    write,
    chunk,
    beginStream: () =>
      write(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n" +
          "transfer-encoding: chunked\r\n\r\n",
      ),
    endStream: () => write("0\r\n\r\n"),
    answer: (status, body, headers = {}) => {
      const bytes = encoder.encode(body);
      const all = {
        "content-type": "application/json",
        "content-length": bytes.length,
        ...headers,
      };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("");
      return write(`HTTP/1.1 ${status} X\r\n${lines}\r\n${body}`);
    },
    close: () => {
      socket.end();
    },
    reset: () => {
      socket.resetAndDestroy();
    },
    closed: new Promise((resolve) => socket.once("close", () => resolve())),
  };
}

/** Requests of one connection, cut out of its bytes. Enough for bodies with a content-length. */
function listen(socket: Socket, onRequest: (request: SeenRequest) => void): void {
  let pending = "";
  socket.setEncoding("latin1");
  socket.on("data", (data) => {
    pending += data;
    for (;;) {
      const end = pending.indexOf("\r\n\r\n");
      if (end < 0) return;
      const [first, ...lines] = pending.slice(0, end).split("\r\n");
      const headers = Object.fromEntries(lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }));
      const length = Number(headers["content-length"] ?? 0);
      if (pending.length < end + 4 + length) return;
      const raw = pending.slice(end + 4, end + 4 + length);
      pending = pending.slice(end + 4 + length);
      const [method, path] = first.split(" ");
      const body = new TextDecoder().decode(Uint8Array.from(raw, (c) => c.charCodeAt(0)));
      onRequest({ method, path, headers, body });
    }
  });
}

/** A server on loopback that does to each request what the script says. */
export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer({ noDelay: true }, (socket) => {
    connections++;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    const wire = wireOf(socket);
    listen(socket, (request) => {
      requests.push(request);
      void script(request, wire);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, () => resolve()));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get connections() {
      return connections;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
