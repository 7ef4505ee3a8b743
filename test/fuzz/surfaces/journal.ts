import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../../src/errors/input-error.ts";
import { Journal } from "../../../src/live/journal/journal.ts";
import { encodeLine } from "../../../src/live/journal/line.ts";
import { openJournal } from "../../../src/live/journal/open-journal.ts";
import type { Entry } from "../../../src/live/journal/entry.ts";
import { JournaledGateway } from "../../../src/live/journaled-gateway.ts";
import { replay } from "../../../src/live/live.ts";
import { paperWorkload } from "../../../src/paper/workload.ts";
import { type Random, uniformInt } from "../../../src/random/substream.ts";
import { HEADER } from "../../live/journal/support.ts";
import { runFakeWorld } from "../../live/support/fake-world.ts";
import { PowerCutDisk } from "../../live/support/power-cut-disk.ts";
import { mutated, pick } from "../mutate.ts";
import type { Prober, Surface } from "../surface.ts";

const PATH = "/runs/one/journal.jsonl";
const GATEWAY = { dispatch: { rule: "in-flight" as const, window: 8 } };
const workload = paperWorkload({ seed: 5, requests: 25 });

/** A journal as a run writes it, turn by turn, and its entries. */
function whole(): { readonly bytes: Uint8Array; readonly entries: readonly Entry[] } {
  const entries = runFakeWorld(workload, { servers: 2, seed: 3, faults: 0.3, gateway: GATEWAY })
    .journal;
  const disk = new PowerCutDisk();
  const journal = Journal.create(PATH, HEADER, { sync: "never", disk });
  for (let at = 0; at < entries.length; at += 1 + at % 4) {
    journal.append(entries.slice(at, at + 1 + at % 4));
  }
  journal.close();
  return { bytes: disk.contentOf(PATH)!.slice(), entries };
}

/** Lines with other content and checksums that are right: what somebody who wants to can make. */
function forged(bytes: Uint8Array, random: Random): Uint8Array {
  const lines = new TextDecoder().decode(bytes).trimEnd().split("\n");
  const changed = uniformInt(random, lines.length);
  let sum = 0;
  const made = lines.map((line, i) => {
    const entry = JSON.parse(line);
    delete entry.sum;
    const after = entry.after ?? 0;
    delete entry.after;
    if (i === changed) {
      const fields = Object.keys(entry);
      entry[pick(random, fields)] = pick<unknown>(random, [
        ...[-1, 1e300, 0.5, null, "", "x", [], {}, 2 ** 53, 1e9, 3, true, "completed"],
      ]);
    }
    const encoded = encodeLine(entry, sum, after);
    sum = encoded.sum;
    return `${encoded.text}\n`;
  });
  return new TextEncoder().encode(made.join(""));
}

/** A file that a process finds when it is to go on with a run. */
export const journal: Surface = {
  name: "journal",
  promise: "a journal that was changed is gone on with exactly where what is left of it ends, or " +
    "refused, untouched",
  shrinks: true,
  open(): Promise<Prober> {
    const { bytes: good, entries } = whole();
    const lines = new TextDecoder().decode(good).split("\n").slice(1, -1);
    const seeds = [{ kind: "changed", bytes: good }];
    return Promise.resolve({
      seeds,
      draw(random) {
        const part = good.slice(
          0,
          random.next() < 0.7 ? good.length : uniformInt(random, good.length),
        );
        if (random.next() < 0.2) {
          const end = part.lastIndexOf(0x0a) + 1;
          if (end > 0) return { kind: "forged", bytes: forged(part.slice(0, end), random) };
        }
        // What a power cut leaves: sectors of NULs.
        if (random.next() < 0.15 && part.length > 1024) {
          const at = 512 * uniformInt(random, Math.ceil(part.length / 512));
          return { kind: "changed", bytes: part.slice().fill(0, at, at + 512) };
        }
        return { kind: "changed", bytes: mutated(part, random, good) };
      },
      check({ kind, bytes }) {
        const disk = new PowerCutDisk();
        disk.makeFolder("/runs/one");
        const file = disk.create(PATH);
        file.write(bytes);
        file.close();
        const gateway = new JournaledGateway(workload.requests, { servers: 2, options: GATEWAY });
        let found: readonly Entry[] = [];
        try {
          const opened = openJournal(PATH, HEADER, {
            resume: true,
            sync: "always",
            disk,
            accept(content) {
              if (!isDeepStrictEqual(content.header, HEADER)) {
                throw new InputError({
                  file: PATH,
                  expected: "another run",
                });
              }
              found = content.entries;
              replay(gateway, found, PATH);
            },
          });
          opened.journal.close();
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          const untouched = isDeepStrictEqual(disk.contentOf(PATH), bytes);
          return Promise.resolve(untouched ? null : "a journal that is refused was changed");
        }
        if (kind === "forged") return Promise.resolve(null);
        if (!isDeepStrictEqual(found, entries.slice(0, found.length))) {
          return Promise.resolve("entries that were never written are gone on from");
        }
        const kept = disk.contentOf(PATH)!;
        const rest = new TextDecoder().decode(bytes.slice(kept.length));
        const lost = lines.findIndex((line, i) => i >= found.length && rest.includes(`${line}\n`));
        // A write that a power cut has torn may hold whole lines behind its hole: none was acted on.
        return Promise.resolve(
          lost >= 0 && !bytes.includes(0) ? `line ${lost + 2}, which is whole, is cut off` : null,
        );
      },
      close: () => Promise.resolve(),
    });
  },
};
