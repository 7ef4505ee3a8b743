/** Attacks one surface in a thread of its own, so that an input that never ends can be ended. */
import { attack, type AttackOptions, type AttackReport } from "./run-surface.ts";
import { SURFACES } from "./surfaces.ts";

/** What the thread is told. */
export interface Order {
  readonly surface: string;
  readonly options: Omit<AttackOptions, "onInput">;
}

/** What the thread tells: the input that it tries now, or what came of them all. */
export type Told =
  | { readonly input: string }
  | { readonly report: AttackReport }
  | { readonly failed: string };

const thread = globalThis as unknown as {
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  postMessage(told: Told): void;
};

thread.onmessage = async ({ data: { surface: name, options } }) => {
  try {
    const surface = SURFACES.find((each) => each.name === name)!;
    const onInput = (input: string) => thread.postMessage({ input });
    thread.postMessage({ report: await attack(surface, { ...options, onInput }) });
  } catch (error) {
    thread.postMessage({ failed: (error as Error).stack ?? String(error) });
  }
};
