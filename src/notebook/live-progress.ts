import cliProgress from "cli-progress";
import type { RunProgress } from "../runs/run-progress.ts";
import { notebook } from "./notebook.ts";
import { jupyterApi } from "./kernel/jupyter-api.ts";

const REDRAW_MS = 200;
/** Without a terminal: no more than one line in so many ms. */
const LINE_MS = 2000;

/** A time to go, in the two largest units. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function parts(progress: RunProgress): string[] {
  const { rate, inFlight, retrying, queued, meanAbsoluteError: error, etaSeconds } = progress;
  const queues = Object.entries(queued).map(([tier, count]) => `${tier} ${count}`).join(", ");
  const { servers, serversIn } = progress;
  return [
    Number.isNaN(rate) ? "" : `${rate.toFixed(1)}/s`,
    `${inFlight} in flight`,
    retrying > 0 ? `${retrying} to retry` : "",
    `queued: ${queues}`,
    Number.isNaN(error) ? "" : `error ${error.toFixed(1)}`,
    serversIn < servers ? `${serversIn} of ${servers} servers` : "",
    `ETA ${duration(etaSeconds)}`,
  ];
}

/** How far a run is, in one line. What it says at the end holds no times. */
export function progressText(progress: RunProgress): string {
  const { done, total, states } = progress;
  const count = `${done} of ${total} requests`;
  const others = Object.entries(states)
    .filter(([state, number]) => state !== "completed" && number > 0)
    .map(([state, number]) => `${number} ${state}`);
  const live = done < total ? parts(progress) : [];
  return [count, ...others, ...live].filter((part) => part !== "").join(" · ");
}

/**
 * Shows how far a live run is, behind its `label` where it has one: in a notebook as one display that
 * is updated in place, in a terminal as a bar on stderr, elsewhere as a line now and then. What stays
 * behind in a notebook holds no times.
 *
 * @example
 * await live.run(workload, { servers: ["http://localhost:8000"], onProgress: liveProgress() });
 */
export function liveProgress(label = ""): (progress: RunProgress) => void {
  notebook();
  const api = jupyterApi();
  const textOf = (progress: RunProgress) =>
    label === "" ? progressText(progress) : `${label}: ${progressText(progress)}`;
  if (api !== null) return inNotebook(api, textOf);
  const { stderr } = Deno;
  return stderr.isTerminal()
    ? inTerminal(textOf)
    : inLines((line) => stderr.writeSync(new TextEncoder().encode(`${line}\n`)), textOf);
}

type TextOf = (progress: RunProgress) => string;

function inNotebook(api: NonNullable<ReturnType<typeof jupyterApi>>, textOf: TextOf) {
  const display_id = `driftsched-progress-${crypto.randomUUID()}`;
  let drawn = -Infinity;
  let update = false;
  return (progress: RunProgress) => {
    const { done, total } = progress;
    if (done < total && performance.now() - drawn < REDRAW_MS) return;
    drawn = performance.now();
    const text = textOf(progress);
    const bar = `<progress value="${done}" max="${total}" aria-label="requests"></progress>`;
    const names = text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
    void api.display({ "text/html": `${bar} ${names}`, "text/plain": text }, {
      raw: true,
      update,
      display_id,
    });
    update = true;
  };
}

function inTerminal(textOf: TextOf) {
  let bar: cliProgress.SingleBar | null = null;
  return (progress: RunProgress) => {
    const { done, total } = progress;
    if (bar === null) {
      bar = new cliProgress.SingleBar({
        format: "[{bar}] {text}",
        barCompleteChar: "█",
        barIncompleteChar: "░",
        barsize: 20,
        hideCursor: true,
        fps: 5,
      });
      bar.start(total, done, { text: "" });
    }
    bar.update(done, { text: textOf(progress) });
    if (done === total) bar.stop();
  };
}

/** For logs: told every so often, and at the end. */
export function inLines(write: (line: string) => void, textOf: TextOf = progressText) {
  let told = -Infinity;
  return (progress: RunProgress) => {
    const over = progress.done === progress.total;
    if (!over && performance.now() - told < LINE_MS) return;
    told = performance.now();
    write(textOf(progress));
  };
}
