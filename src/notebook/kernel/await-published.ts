/** Where a kernel publishes its outputs (Jupyter's iopub channel, always TCP in Deno's kernel). */
export interface IopubAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface AwaitPublishedOptions {
  /** Give up when nothing at all has arrived for so long, in seconds; default 10. */
  readonly idleSeconds?: number;
}

/** Pauses between markers, in ms: one that left before the subscription counted is not seen. */
const RETRY = [5, 10, 20, 40, 80, 160];

const GREETING_BYTES = 64;
const SUBSCRIBE_TO_ALL = new Uint8Array([0, 1, 1]);

/** ZMTP 3.0 greeting, NULL mechanism, client side. Source: rfc.zeromq.org/spec/23. */
function greeting(): Uint8Array {
  const bytes = new Uint8Array(GREETING_BYTES);
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]);
  bytes.set(new TextEncoder().encode("NULL"), 12);
  return bytes;
}

/** ZMTP 3.0 READY command of a SUB socket. */
function ready(): Uint8Array {
  const text = (value: string) => [...new TextEncoder().encode(value)];
  const body = [5, ...text("READY"), 11, ...text("Socket-Type"), 0, 0, 0, 3, ...text("SUB")];
  return new Uint8Array([0x04, body.length, ...body]);
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/**
 * Resolves when a message sent now through `publish(marker)` has come out at the kernel's output
 * channel, and so, as the kernel sends in order, everything queued before it. Resolves to `false`
 * when the channel cannot be reached or has been silent for `idleSeconds`; never rejects.
 *
 * Connects anew each time on purpose: a subscriber that does not read (a cell that computes) would
 * hold up the kernel's sending to all others.
 */
export async function awaitPublished(
  address: IopubAddress,
  publish: (marker: string) => void,
  options: AwaitPublishedOptions = {},
): Promise<boolean> {
  const { idleSeconds = 10 } = options;
  const marker = `driftsched-barrier-${crypto.randomUUID()}`;
  const chunk = new Uint8Array(65_536);
  const decoder = new TextDecoder("latin1");
  let connection: Deno.TcpConn | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  const read = async (): Promise<number> => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => connection!.close(), idleSeconds * 1000);
    const length = await connection!.read(chunk);
    if (length === null) throw new Error("The kernel closed its output channel");
    return length;
  };
  const publishUntilSeen = (attempt: number): void => {
    publish(marker);
    const pause = RETRY[Math.min(attempt, RETRY.length - 1)];
    retry = setTimeout(() => publishUntilSeen(attempt + 1), pause);
  };

  try {
    connection = await Deno.connect({ hostname: address.hostname, port: address.port });
    connection.setNoDelay(true);
    await writeAll(connection, greeting());
    let received = 0;
    while (received < GREETING_BYTES) received += await read();
    await writeAll(connection, ready());
    if (received === GREETING_BYTES) await read();
    await writeAll(connection, SUBSCRIBE_TO_ALL);
    publishUntilSeen(0);
    for (let seen = ""; !seen.includes(marker);) {
      const length = await read();
      seen = seen.slice(-marker.length) + decoder.decode(chunk.subarray(0, length));
      // Any answer carries the acknowledgement that the kernel's socket waits for (Nagle): without
      // it each small message costs 40 ms. Subscribing again has no other effect.
      await writeAll(connection, SUBSCRIBE_TO_ALL);
    }
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(retry);
    clearTimeout(watchdog);
    try {
      connection?.close();
    } catch {
      // the watchdog closed it
    }
  }
}
