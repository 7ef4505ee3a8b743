/** What a server does with a connection when it has said what it was told to. */
export const ENDINGS = ["keep", "close"] as const;
export type Ending = (typeof ENDINGS)[number];

/** What is said to a request. */
export interface RawAnswer {
  /** All bytes, the head included. */
  readonly bytes: Uint8Array;
  readonly ending: Ending;
}

/** A server on loopback that answers requests with bytes of any kind. */
export interface RawServer {
  readonly url: string;
  /** Says what each request is answered with, by its path. */
  answer: (path: string) => RawAnswer;
  stop(): Promise<void>;
}

/** Starts a server that answers with bytes as they are, in three pieces. */
export function rawServer(): RawServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const server: RawServer = {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    answer: () => ({ bytes: new Uint8Array(0), ending: "close" }),
    async stop() {
      listener.close();
      for (const connection of open) closed(connection);
      await accepting;
    },
  };
  const serve = async (connection: Deno.Conn) => {
    const buffer = new Uint8Array(65_536);
    let text = "";
    for (;;) {
      const count = await connection.read(buffer);
      if (count === null) return;
      for (let i = 0; i < count; i++) text += String.fromCharCode(buffer[i]);
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) continue;
      const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
      if (text.length < end + 4 + length) continue;
      const path = text.split(" ", 2)[1];
      text = text.slice(end + 4 + length);
      const { bytes, ending } = server.answer(path);
      for (const part of [0, 1, 2]) {
        const piece = bytes.subarray(
          Math.floor(part * bytes.length / 3),
          Math.floor((part + 1) * bytes.length / 3),
        );
        for (let at = 0; at < piece.length;) at += await connection.write(piece.subarray(at));
      }
      if (ending !== "keep") return;
    }
  };
  const accepting = (async () => {
    try {
      for await (const connection of listener) {
        open.add(connection);
        serve(connection).catch(() => {}).finally(() => {
          open.delete(connection);
          closed(connection);
        });
      }
    } catch {
      // The listener was closed.
    }
  })();
  return server;
}

function closed(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // The other side was first.
  }
}
