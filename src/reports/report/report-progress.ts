import cliProgress from "cli-progress";

/** Tells a person how far the notebooks are, on stderr. */
export interface ReportProgress {
  start(name: string, cells: number): void;
  /** A cell starts: its 1-based number and first line. */
  cell(name: string, number: number, label: string): void;
  finish(name: string, outcome: { readonly failed: boolean; readonly seconds: number }): void;
  /** Nothing more comes. */
  stop(): void;
}

/** Without a terminal: no more than one line a notebook in so many ms. */
const LINE_INTERVAL = 2000;

function lines(write: (line: string) => void): ReportProgress {
  const started = new Map<string, { readonly cells: number; last: number }>();
  return {
    start(name, cells) {
      started.set(name, { cells, last: performance.now() });
      write(`${name}: ${cells} cells`);
    },
    cell(name, number, label) {
      const state = started.get(name)!;
      if (performance.now() - state.last < LINE_INTERVAL) return;
      state.last = performance.now();
      write(`${name}: cell ${number} of ${state.cells}: ${label}`);
    },
    finish(name, { failed, seconds }) {
      write(`${name}: ${failed ? "failed" : "done"} after ${seconds.toFixed(1)} s`);
    },
    stop() {},
  };
}

function bars(names: readonly string[], stream: NodeJS.WritableStream): ReportProgress {
  const width = Math.max(...names.map((name) => name.length));
  const multi = new cliProgress.MultiBar({
    format: "{name} [{bar}] {value}/{total} {label}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    autopadding: true,
    fps: 8,
    stream,
  });
  const started = new Map<string, cliProgress.SingleBar>();
  return {
    start(name, cells) {
      started.set(
        name,
        multi.create(cells, 0, { name: name.padEnd(width), label: "kernel starts" }),
      );
    },
    cell(name, number, label) {
      started.get(name)?.update(number - 1, { label });
    },
    finish(name, { failed, seconds }) {
      const bar = started.get(name);
      const label = `${failed ? "failed" : "done"} after ${seconds.toFixed(1)} s`;
      if (failed) bar?.update({ label });
      else bar?.update(bar.getTotal(), { label });
    },
    stop: () => multi.stop(),
  };
}

export interface ReportProgressOptions {
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Bars where `stream` is a terminal, else a line now and then. */
export function reportProgress(
  names: readonly string[],
  { stream }: ReportProgressOptions,
): ReportProgress {
  return stream.isTTY ? bars(names, stream) : lines((line) => stream.write(`${line}\n`));
}
