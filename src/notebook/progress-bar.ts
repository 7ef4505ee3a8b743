import { notebook } from "./notebook.ts";
import { jupyterApi } from "./kernel/jupyter-api.ts";

const REDRAW_MS = 100;

/** Options of {@link progressBar}. */
export interface ProgressBarOptions {
  /** Milliseconds before which nothing is shown: short work needs no bar. @default 0 */
  readonly afterMs?: number;
}

/**
 * Shows the progress of long work: in a notebook as one display that is updated in place, elsewhere
 * as a line on stderr. The line that stays when the work is done holds no times, so that two runs of
 * a notebook have the same bytes.
 *
 * @param what what is counted: `cells`
 * @example
 * await runSweep(grid, { onProgress: progressBar("cells") });
 */
export function progressBar(
  what: string,
  { afterMs = 0 }: ProgressBarOptions = {},
): (done: number, total: number) => void {
  notebook();
  const api = jupyterApi();
  const id = `driftsched-progress-${crypto.randomUUID()}`;
  let drawn = -Infinity;
  let shown = false;
  const start = performance.now();
  return (done, total) => {
    const now = performance.now();
    if (!shown && now - start < afterMs) return;
    if (done < total && now - drawn < REDRAW_MS) return;
    drawn = now;
    const text = `${done} of ${total} ${what}`;
    if (api === null) {
      if (Deno.stderr.isTerminal()) {
        const end = done === total ? "\n" : "";
        Deno.stderr.writeSync(new TextEncoder().encode(`\r${text}${end}`));
        shown = true;
      }
      return;
    }
    const bar = `<progress value="${done}" max="${total}" aria-label="${what}"></progress> ${text}`;
    void api.display({ "text/html": bar, "text/plain": text }, {
      raw: true,
      update: shown,
      display_id: id,
    });
    shown = true;
  };
}
