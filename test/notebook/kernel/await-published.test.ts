import { expect, test } from "vitest";
import { awaitPublished } from "../../../src/notebook/kernel/await-published.ts";

const GREETING = new Uint8Array(64);
GREETING.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0, 78, 85, 76, 76]);
const READY = new Uint8Array([4, 6, 5, 82, 69, 65, 68, 89]);

const CLIENT_READY_BYTES = 27;
const SUBSCRIPTION_BYTES = 3;

/** A publisher as Deno's kernel is one: greets, reads, then sends `queue` in order. */
function publisher(perMessageMs: number) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const queue: string[] = [];
  const sent: string[] = [];
  let subscribed = false;
  let open: Deno.Conn | undefined;
  const serving = (async () => {
    for await (const connection of listener) {
      open = connection;
      const buffer = new Uint8Array(1024);
      await connection.write(GREETING);
      let heard = await connection.read(buffer) ?? 0;
      await connection.write(READY);
      while (heard < GREETING.length + CLIENT_READY_BYTES + SUBSCRIPTION_BYTES) {
        heard += await connection.read(buffer) ?? 0;
      }
      subscribed = true;
      while (await connection.read(buffer).catch(() => null) !== null);
    }
  })();
  const timer = setInterval(async () => {
    const message = queue.shift();
    if (message === undefined) return;
    sent.push(message);
    if (subscribed) await open!.write(new TextEncoder().encode(message)).catch(() => {});
  }, perMessageMs);
  return {
    address: { hostname: "127.0.0.1", port: (listener.addr as Deno.NetAddr).port },
    queue,
    sent,
    async stop() {
      clearInterval(timer);
      listener.close();
      await serving.catch(() => {});
    },
  };
}

test("awaitPublished() resolves after everything queued before it has been sent", async () => {
  const server = publisher(2);
  server.queue.push(...Array.from({ length: 100 }, (_, i) => `log ${i}\n`));
  expect(await awaitPublished(server.address, (marker) => server.queue.push(marker))).toBe(true);
  expect(server.sent.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, i) => `log ${i}\n`));
  await server.stop();
});

test("awaitPublished() repeats a marker that left before the subscription counted", async () => {
  const server = publisher(1);
  let dropped = 0;
  const published = await awaitPublished(server.address, (marker) => {
    if (dropped < 2) dropped++;
    else server.queue.push(marker);
  });
  expect({ published, dropped }).toEqual({ published: true, dropped: 2 });
  await server.stop();
});

test("awaitPublished() gives up on a channel that has fallen silent", async () => {
  const server = publisher(1);
  const options = { idleSeconds: 0.2 };
  expect(await awaitPublished(server.address, () => {}, options)).toBe(false);
  await server.stop();
});

test("awaitPublished() gives up where nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  expect(await awaitPublished({ hostname: "127.0.0.1", port }, () => {})).toBe(false);
});
