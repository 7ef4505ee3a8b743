import type { ResultStore } from "./result-store.ts";

/** Keeps nothing: every cell is simulated. */
export const noStore: ResultStore = {
  get: () => Promise.resolve(null),
  put: () => Promise.resolve(),
};
