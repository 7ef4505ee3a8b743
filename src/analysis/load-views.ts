import * as aq from "arquero";
import { GridView, type GridViewOptions } from "./grid-view.ts";

/** The cells of a sweep over load at one server and one load. */
export interface LoadView {
  readonly server: string;
  /** Multiple of the server's capacity. */
  readonly load: number;
  /** Requests a second. */
  readonly rate: number;
  readonly view: GridView;
}

/** Splits the table of a `loadGrid` by server, in their order, and by load, ascending. */
export function loadViews(table: aq.ColumnTable, options: GridViewOptions = {}): LoadView[] {
  const server = table.array("server") as ArrayLike<string>;
  const load = table.array("load") as ArrayLike<number>;
  const rate = table.array("rate") as ArrayLike<number>;
  const rows = Map.groupBy(
    Array.from({ length: server.length }, (_, row) => row),
    (row) => `${server[row]}/${load[row]}`,
  );
  const servers = [...new Set(Array.from(server))];
  return [...rows.values()].map((of): LoadView => ({
    server: server[of[0]],
    load: load[of[0]],
    rate: rate[of[0]],
    view: new GridView(aq.table(pick(table, of)), options),
  })).sort((a, b) => servers.indexOf(a.server) - servers.indexOf(b.server) || a.load - b.load);
}

function pick(table: aq.ColumnTable, rows: readonly number[]): Record<string, unknown[]> {
  return Object.fromEntries(
    table.columnNames().map((name) => {
      const values = table.array(name) as ArrayLike<unknown>;
      return [name, rows.map((row) => values[row])];
    }),
  );
}
