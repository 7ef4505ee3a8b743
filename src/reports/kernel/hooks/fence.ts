import { FENCE_MESSAGE } from "./contract.ts";
import { jupyterApi } from "./kernel-api.ts";

/** What may be queued in the kernel before the cell waits until it is out. */
const MOST_QUEUED = { messages: 200, bytes: 262_144 };

/** Keeps the kernel's queue of outputs short. */
export interface Fence {
  /** Returns when everything queued so far has reached the runner. */
  fence(): void;
  /** Counts a queued message of about so many bytes; fences when it is one too many. */
  account(bytes: number): void;
}

/**
 * A fence is a message followed by a `prompt()`, which the runner answers only when it has seen
 * the message: the queue is first in, first out, and a prompt takes another way. It blocks, so it
 * works anywhere in a cell; it takes about 1 ms.
 *
 * The queue must also be short while a cell runs: the kernel sends some messages past it, and cuts
 * with them into a large one that it has not finished writing.
 */
export function createFence(token: string): Fence {
  const { broadcast } = jupyterApi();
  const { prompt } = globalThis;
  const queued = { messages: 0, bytes: 0 };
  let count = 0;

  function fence(): void {
    queued.messages = queued.bytes = 0;
    const id = `${token}:${++count}`;
    broadcast(FENCE_MESSAGE, { id });
    prompt(id);
  }
  function account(bytes: number): void {
    queued.messages++;
    queued.bytes += bytes;
    if (queued.messages >= MOST_QUEUED.messages || queued.bytes >= MOST_QUEUED.bytes) fence();
  }
  return { fence, account };
}
