import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, expect, test, vi } from "vitest";
import * as connections from "../../../src/reports/kernel/connection.ts";
import { KernelSession } from "../../../src/reports/kernel/kernel-session.ts";

const original = vi.hoisted(() => ({ newConnection: (): unknown => undefined }));

vi.mock("../../../src/reports/kernel/connection.ts", async (load) => {
  const actual = await load<typeof connections>();
  original.newConnection = actual.newConnection;
  return { ...actual, newConnection: vi.fn(actual.newConnection) };
});

afterEach(() => {
  vi.mocked(connections.newConnection).mockReset();
  vi.mocked(connections.newConnection)
    .mockImplementation(original.newConnection as typeof connections.newConnection);
});

const options = { cwd: tmpdir(), onOutput() {}, onStray() {} };

test("KernelSession.start() takes other ports when one was taken meanwhile", async () => {
  const thief = createServer();
  await new Promise<void>((resolve) => thief.listen(0, "127.0.0.1", resolve));
  const { port } = thief.address() as { port: number };
  vi.mocked(connections.newConnection).mockImplementationOnce(() => {
    const connection = original.newConnection() as connections.ConnectionInfo;
    return { ...connection, iopub_port: port };
  });
  const session = await KernelSession.start(options);
  try {
    expect(connections.newConnection).toHaveBeenCalledTimes(2);
    expect(session.holdsCells).toBe(true);
    expect(await session.execute("1 + 1")).toBeNull();
  } finally {
    await session.close();
    thief.close();
  }
});

test("KernelSession.start() gives up after four starts and says why each failed", async () => {
  const start = KernelSession.start({ ...options, startSeconds: 0.001 });
  await expect(start).rejects.toThrow(
    /^Cannot start a Deno kernel: (it did not answer within 0.001 s(; )?){4}$/,
  );
  expect(connections.newConnection).toHaveBeenCalledTimes(4);
});

test("a closed session tells every later call that its kernel ended", async () => {
  const session = await KernelSession.start(options);
  await Promise.all([session.close(), session.close()]);
  await expect(session.execute("1")).rejects.toThrow("The kernel ended with signal SIGKILL");
});
