import type { AttackOptions, AttackReport } from "./run-surface.ts";
import type { Order, Told } from "./worker.ts";

/** Milliseconds without a word after which an input is taken for one that never ends. */
const SILENCE = 60_000;

/**
 * Attacks a surface in a thread of its own. An input that does not end in a minute ends the thread, and
 * is the report's one finding.
 */
export function attackInThread(
  surface: string,
  options: Omit<AttackOptions, "onInput">,
  { silence = SILENCE, worker: url = new URL("./worker.ts", import.meta.url) } = {},
): Promise<AttackReport> {
  const started = performance.now();
  const worker = new Worker(url, { type: "module" });
  let inputs = -1, input = "nothing yet";
  return new Promise<AttackReport>((resolve, reject) => {
    const isSilent = () => {
      const number = Number(input.split(" ")[1]);
      const { seed } = options;
      resolve({
        surface,
        seed,
        inputs,
        seconds: (performance.now() - started) / 1000,
        findings: [{
          surface,
          input: Number.isNaN(number) ? input : number,
          kind: "",
          broken: `does not end in ${silence / 1000} s`,
          bytes: new Uint8Array(0),
          count: 1,
          command: `deno task fuzz --surface ${surface} --seed ${seed}` +
            (Number.isNaN(number) ? "" : ` --input ${number}`),
        }],
      });
    };
    let watch = setTimeout(isSilent, silence);
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      clearTimeout(watch);
      if ("report" in data) return resolve(data.report);
      if ("failed" in data) return reject(new Error(data.failed));
      inputs++;
      input = data.input;
      watch = setTimeout(isSilent, silence);
    };
    worker.onerror = (event) => {
      clearTimeout(watch);
      event.preventDefault();
      reject(new Error(`input ${input} ended the thread: ${event.message}`));
    };
    worker.postMessage({ surface, options } satisfies Order);
  }).finally(() => worker.terminate());
}
