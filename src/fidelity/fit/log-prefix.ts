/** What stands before a message in a log of vLLM. */
export interface LogPrefix {
  /** The engine that ran: its data-parallel rank, behind the pod or container where one is named. */
  readonly engine: string;
  /** All that tells one printing process from another. */
  readonly printer: string;
  /** Whole seconds since the year began; NaN where no time is said. */
  readonly printedAt: number;
}

const STAMP = /(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)/g;
const ENGINE = /\bEngine (\d+):/;
const PROCESS = /\((\w+) pid=(\d+)\)/;
const CORE = /^EngineCore(?:_(?:DP)?(\d+))?$/;
/** What collectors put before each line: `[pod/NAME/CONTAINER] `, `service-1  | `, `0: `. */
const ORIGIN = /^\s*(?:\[(pod\/[^\]\s]+)\]|([\w.-]+)\s*\||(\d+):)\s/;

/**
 * Reads who printed a line and when:
 *
 *     (EngineCore_DP1 pid=123) INFO 11-23 09:58:56 [core.py:96]
 *     vllm-1  | (APIServer pid=7) INFO 11-23 09:58:56 [loggers.py:185] Engine 001:
 *
 * The rank in the name of the process goes before the number behind `Engine`: each engine process
 * may count itself as 0.
 */
export function readPrefix(prefix: string): LogPrefix {
  const origin = ORIGIN.exec(prefix);
  const from = origin?.[1] ?? origin?.[2] ?? origin?.[3] ?? "";
  const process = PROCESS.exec(prefix);
  const rank = process === null ? undefined : CORE.exec(process[1])?.[1];
  const engine = ENGINE.exec(prefix)?.[1];
  const number = String(Number(rank ?? engine ?? 0));
  return {
    engine: from === "" ? number : `${from} ${number}`,
    printer: `${from} ${process?.[0] ?? ""} ${engine ?? ""}`,
    printedAt: printedAt(prefix),
  };
}

/**
 * vLLM prints no year: a leap year has every date. Its own time is the last, behind those of what
 * collected the line.
 */
function printedAt(prefix: string): number {
  const found = [...prefix.matchAll(STAMP)].pop();
  if (found === undefined) return NaN;
  const [month, day, hour, minute, second] = found.slice(1).map(Number);
  return Date.UTC(2000, month - 1, day, hour, minute, second) / 1000 - Date.UTC(2000, 0) / 1000;
}
