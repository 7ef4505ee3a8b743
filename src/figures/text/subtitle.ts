import { capitalise } from "./capitalise.ts";
import { formatNumber } from "./format.ts";

/** What a subtitle has to say. */
export interface SubtitleParts {
  /** What was run. */
  readonly setting?: string;
  /** What is shown and its unit, where the axes do not say it. */
  readonly shown?: string;
  /** Repetitions behind each number; absent: not known here. */
  readonly seeds?: number;
  /** What the repetitions are. @default "paired seeds" */
  readonly repetitions?: string;
  /** How intervals are drawn; `none` where there are none. */
  readonly intervals: "bars" | "bands" | "ranges" | "none";
  /** Anything else, at the end. */
  readonly note?: string;
}

/** The line under a title: setting, what is shown, n, and what the intervals are. */
export function subtitleOf(
  { setting, shown, seeds, repetitions = "paired seeds", intervals, note }: SubtitleParts,
): string {
  const parts = [
    setting,
    shown,
    seeds === undefined
      ? intervals === "none" ? undefined : `means over ${repetitions}`
      : seeds === 1
      ? "one run"
      : `mean of ${formatNumber(seeds)} ${repetitions}`,
    intervals === "none" ? undefined : `${intervals}: 95 % bootstrap intervals`,
    note,
  ].filter((part): part is string => part !== undefined && part !== "");
  return capitalise(parts.join("; "));
}
