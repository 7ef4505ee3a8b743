import { afterEach, describe, expect, test, vi } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import type { Disk, DiskFile } from "../../../src/live/journal/disk.ts";
import type { Entry } from "../../../src/live/journal/entry.ts";
import { Journal, type SyncPolicy } from "../../../src/live/journal/journal.ts";
import { openJournal } from "../../../src/live/journal/open-journal.ts";
import type { JournalContent } from "../../../src/live/journal/read-journal.ts";
import { paperWorkload } from "../../../src/paper/workload.ts";
import { substream, uniformInt } from "../../../src/random/substream.ts";
import { runFakeWorld } from "../support/fake-world.ts";
import { PowerCut, PowerCutDisk } from "../support/power-cut-disk.ts";
import { HEADER } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const PATH = "/runs/sjf/journal.jsonl";
/** A run with failures and retries, as its journal has it. */
const run: readonly Entry[] = runFakeWorld(paperWorkload({ seed: 5, requests: 40 }), {
  servers: 2,
  seed: 3,
  faults: 0.3,
  gateway: { dispatch: { rule: "in-flight", window: 8 } },
}).journal;

type Random = Parameters<typeof uniformInt>[0];

/** A process writes the rest of the run, a turn at a time, until it is over or the power goes. */
function work(
  { disk, sync, random }: { disk: Disk; sync: SyncPolicy; random: Random },
  acted: { count: number; synced: number },
): void {
  let content: JournalContent | null = null;
  const { journal } = openJournal(PATH, HEADER, {
    resume: true,
    sync,
    disk,
    accept: (found) => content = found,
  });
  let at = (content as JournalContent | null)?.entries.length ?? 0;
  expect((content as JournalContent | null)?.entries ?? []).toEqual(run.slice(0, at));
  expect(at, "what was acted on is there").toBeGreaterThanOrEqual(
    sync === "always" ? acted.count : acted.synced,
  );
  acted.count = acted.synced = at;
  while (at < run.length) {
    const turn = run.slice(at, at + 1 + uniformInt(random, 12));
    journal.append(turn);
    journal.syncIfDue();
    at += turn.length;
    acted.count = at;
    if (sync === "always") acted.synced = at;
  }
  journal.close();
}

/** A run that loses power again and again, and how it came to its end. */
function runWithCuts(
  seed: number,
  { sync, broken = (disk) => disk }: {
    readonly sync: SyncPolicy;
    /** A disk that does less than it was asked to, as a control. */
    readonly broken?: (disk: PowerCutDisk) => Disk;
  },
): { readonly cuts: number; readonly disk: PowerCutDisk } {
  const random = substream(seed, "power cuts");
  const acted = { count: 0, synced: 0 };
  const calls = () => uniformInt(random, [6, 20, 200][uniformInt(random, 3)]);
  let disk = new PowerCutDisk(calls());
  for (let cuts = 0;; cuts++) {
    try {
      work({ disk: broken(disk), sync, random }, acted);
      return { cuts, disk };
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      disk = disk.afterCut(random, cuts > 5 ? Infinity : calls());
    }
  }
}

describe("--sync always", () => {
  test("after a power cut at any call what was acted on is there, and the run goes on to its end", () => {
    let cuts = 0;
    for (let seed = 0; seed < 600; seed++) {
      const ended = runWithCuts(seed, { sync: "always" });
      cuts += ended.cuts;
      // Even of a power cut after its end.
      const disk = ended.disk.afterCut(substream(seed, "after the end"));
      let entries: readonly Entry[] = [];
      const accept = (found: JournalContent) => {
        entries = found.entries;
      };
      openJournal(PATH, HEADER, { resume: true, sync: "always", disk, accept }).journal.close();
      expect(entries).toEqual(run);
    }
    expect(cuts).toBeGreaterThan(600);
  });

  test.each(["created its folders", "given the journal its name"])(
    "what a process that died when it had just %s left unsynced, the next one syncs",
    (when) => {
      const disk = new PowerCutDisk();
      const killed = new Error("killed");
      const held: DiskFile[] = [];
      const dying: Disk = {
        ...bound(disk),
        create: (path) => {
          if (when.startsWith("created")) throw killed;
          const file = disk.create(path);
          held.push(file);
          return file;
        },
        syncFolder: () => {
          throw killed;
        },
      };
      const open = (on: Disk) =>
        openJournal(PATH, HEADER, { resume: true, sync: "always", disk: on, accept: () => {} });
      try {
        open(dying).journal.close();
      } catch (error) {
        expect(error).toBe(killed);
      }
      held.forEach((file) => file.close());
      open(disk).journal.append(run.slice(0, 3));
      for (let seed = 0; seed < 20; seed++) {
        const after = disk.afterCut(substream(seed, "names"));
        expect(after.contentOf(PATH)).toEqual(disk.contentOf(PATH));
      }
    },
  );

  /** Binds a disk's methods, so that one of them can be replaced. */
  const bound = (disk: PowerCutDisk): Disk => ({
    makeFolder: (path) => disk.makeFolder(path),
    syncFolder: (path) => disk.syncFolder(path),
    create: (path) => disk.create(path),
    open: (path) => disk.open(path),
    link: (from, to) => disk.link(from, to),
    remove: (path) => disk.remove(path),
  });

  test.each<[string, (disk: PowerCutDisk) => Disk]>([
    ["folders are not synced", (disk) => ({ ...bound(disk), syncFolder: () => {} })],
    ["files are not synced", (disk) => ({
      ...bound(disk),
      create: (path) => ({ ...disk.create(path), sync: () => {} }),
    })],
  ])("the model finds it where %s", (_what, broken) => {
    const loses = (seed: number) => {
      try {
        runWithCuts(seed, { sync: "always", broken });
        return false;
      } catch {
        return true;
      }
    };
    expect(Array.from({ length: 60 }, (_, seed) => loses(seed))).toContain(true);
  });
});

test("with `second` a power cut loses no more than what was not synced, or the journal is refused in words", () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  let refused = 0, ended = 0;
  for (let seed = 0; seed < 400; seed++) {
    const random = substream(seed, "second");
    const disk = new PowerCutDisk(uniformInt(random, 200));
    let written = 0, synced = -1;
    try {
      const journal = Journal.create(PATH, HEADER, { sync: "second", disk });
      synced = 0;
      for (let flushed = now; written < run.length;) {
        journal.append(run.slice(written, written + 3));
        written = Math.min(run.length, written + 3);
        now += 300;
        journal.syncIfDue();
        if (now - flushed < 1000) continue;
        flushed = now;
        synced = written;
      }
      journal.close();
      synced = run.length;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    const after = disk.afterCut(random);
    const before = after.contentOf(PATH)?.slice() ?? null;
    if (synced >= 0) expect(before).not.toBeNull();
    let entries: readonly Entry[] = [];
    const accept = (found: JournalContent) => {
      entries = found.entries;
    };
    try {
      openJournal(PATH, HEADER, { resume: true, sync: "second", disk: after, accept }).journal
        .close();
      ended++;
      expect(entries).toEqual(run.slice(0, entries.length));
      expect(entries.length).toBeGreaterThanOrEqual(synced);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toContain("Nothing was changed");
      expect(after.contentOf(PATH)).toEqual(before);
      // What had been synced stands before what is damaged.
      expect((error as InputError).problems[0].row).toBeGreaterThan(synced + 1);
      refused++;
    }
  }
  expect(ended).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(0);
});
