import type { SweepCell } from "../cell.ts";
import type { StoredResult } from "../stores/result-store.ts";
import type { CellResult, ExecuteOptions } from "./executor.ts";

/** Simulates the cells at the given places, in any order. */
export type Simulation = (
  cells: readonly SweepCell[],
  indices: readonly number[],
) => AsyncIterable<{ readonly index: number; readonly result: StoredResult }>;

/** Cells that a store is asked for at once. */
const ASKED_AT_ONCE = 64;

/**
 * What every executor does around its work: asks the store, lets the rest be simulated, cells of equal
 * keys once, and tells the store. A store that cannot keep a result is no failure: a notice says so.
 */
export async function* runCells(
  given: readonly SweepCell[],
  { signal, store, onNotice }: ExecuteOptions,
  simulation: Simulation,
): AsyncGenerator<CellResult> {
  const { cells, places } = withoutDoubles(given);
  const open: number[] = [];
  for (let at = 0; at < cells.length; at += ASKED_AT_ONCE) {
    if (signal?.aborted) return;
    const asked = cells.slice(at, at + ASKED_AT_ONCE);
    const found = await Promise.all(
      asked.map(({ key, keep }) => key === null ? null : store.get(key, { run: keep })),
    );
    for (const [i, result] of found.entries()) {
      if (result === null) open.push(at + i);
      else for (const index of places[at + i]) yield { ...result, index, stored: true };
    }
  }
  const puts = new Set<Promise<void>>();
  let complained = false;
  const put = (key: string, result: StoredResult) => {
    const done = store.put(key, result).catch((error) => {
      if (!complained) onNotice?.(`Results of this sweep cannot be kept: ${error.message}`);
      complained = true;
    }).finally(() => puts.delete(done));
    puts.add(done);
  };
  try {
    if (open.length === 0) return;
    for await (const { index: at, result } of simulation(cells, open)) {
      const { key } = cells[at];
      if (key !== null) put(key, result);
      for (const index of places[at]) yield { ...result, index, stored: false };
    }
  } finally {
    await Promise.all(puts);
  }
}

/** Cells of different keys, and where in the list those of each key are. */
function withoutDoubles(given: readonly SweepCell[]): {
  readonly cells: readonly SweepCell[];
  readonly places: readonly (readonly number[])[];
} {
  const byKey = Map.groupBy(given.keys(), (index) => given[index].key ?? index);
  const places = [...byKey.values()];
  const cells = places.map((indices): SweepCell => ({
    ...given[indices[0]],
    keep: indices.some((index) => given[index].keep),
  }));
  return { cells, places };
}
