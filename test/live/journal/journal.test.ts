import { afterEach, beforeEach, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { Journal, loadJournal } from "../../../src/live/journal/journal.ts";
import { HEADER } from "./support.ts";

let folder: string;
beforeEach(() => {
  folder = Deno.makeTempDirSync();
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

const note = (at: number) => ({ kind: "note", at, what: "w", seconds: 0 }) as const;

test("goes on behind the last whole line", () => {
  const path = `${folder}/journal.jsonl`;
  const journal = Journal.create(path, HEADER);
  journal.append([note(1), note(2)]);
  journal.close();
  Deno.writeTextFileSync(path, '{"kind":"note","at":3,"wh', { append: true });
  const again = Journal.resume(path, loadJournal(path)!, "always");
  again.append([note(4)]);
  again.close();
  expect(loadJournal(path)!.entries.map(({ at }) => at)).toEqual([1, 2, 4]);
});

test("never starts over a journal that is there", () => {
  const path = `${folder}/journal.jsonl`;
  Journal.create(path, HEADER).close();
  expect(() => Journal.create(path, HEADER)).toThrow(InputError);
  expect(loadJournal(`${folder}/other.jsonl`)).toBeNull();
});

test("two processes never write into one journal", () => {
  const path = `${folder}/journal.jsonl`;
  const first = Journal.create(path, HEADER);
  const content = loadJournal(path)!;
  expect(() => Journal.resume(path, content)).toThrow("no other process");
  first.append([note(1)]);
  first.close();
  // Read before the other had written its last line.
  expect(() => Journal.resume(path, content)).toThrow("no other process");
  Journal.resume(path, loadJournal(path)!).close();
});
