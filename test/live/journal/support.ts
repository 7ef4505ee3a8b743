import type { Entry, Header } from "../../../src/live/journal/entry.ts";
import { encodeLine } from "../../../src/live/journal/line.ts";

export const HEADER: Header = {
  kind: "run",
  format: "driftsched journal",
  version: 1,
  run: "0123456789abcdef",
  workload: { name: "w", size: 3, sha256: "aa" },
  options: { sha256: "bb", value: { seed: 1 } },
  servers: [{ url: "http://localhost:8000", model: "m" }],
};

/** The bytes of a journal. */
export function journalBytes(entries: readonly Entry[]): Uint8Array {
  let sum = 0;
  let text = "";
  for (const entry of [HEADER, ...entries]) {
    const line = encodeLine(entry, sum);
    sum = line.sum;
    text += `${line.text}\n`;
  }
  return new TextEncoder().encode(text);
}
