import { afterEach, beforeEach, expect, test } from "vitest";
import { EnvironmentError } from "../../../src/files/environment-error.ts";
import { InputError } from "../../../src/errors/input-error.ts";
import type { Header } from "../../../src/live/journal/entry.ts";
import { Journal, loadJournal } from "../../../src/live/journal/journal.ts";
import { encodeLine } from "../../../src/live/journal/line.ts";
import { openJournal } from "../../../src/live/journal/open-journal.ts";
import { HEADER, journalBytes } from "./support.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = Deno.makeTempDirSync();
  path = `${folder}/journal.jsonl`;
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

const note = (at: number) => ({ kind: "note", at, what: "w", seconds: 0 }) as const;
const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
const encode = (text: string) => new TextEncoder().encode(text);
const headerLine = `${encodeLine(HEADER, 0).text}\n`;
const open = (header: Header = HEADER, accept = () => {}) =>
  openJournal(path, header, { resume: true, sync: "second", accept });

test("any beginning of this run's header is begun again, an empty file too", () => {
  for (let cut = 0; cut <= headerLine.length; cut++) {
    Deno.writeFileSync(path, encode(headerLine.slice(0, cut)));
    const { journal } = open();
    journal.append([note(1)]);
    journal.close();
    expect(loadJournal(path)).toMatchObject({ header: HEADER, entries: [note(1)], tail: null });
    Deno.removeSync(path);
  }
});

const other = { ...HEADER, workload: { ...HEADER.workload, size: 4 } };
const whole = new TextDecoder().decode(journalBytes([note(1), note(2)]));
const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.from(`\ufeff${text}`, (sign) => sign.charCodeAt(0)).buffer);

test.each<[string, Uint8Array]>([
  ["a journal whose line ends became \\r", encode(whole.replaceAll("\n", "\r"))],
  ["a journal whose line ends became \\r\\n", encode(whole.replaceAll("\n", "\r\n"))],
  ["a journal whose line ends were taken away", encode(whole.replaceAll("\n", ""))],
  ["a journal in UTF-16", utf16(whole)],
  ["a header in UTF-16", utf16(headerLine.trimEnd())],
  ["a journal with a byte order mark", encode(`\ufeff${whole}`)],
  ["a header with a byte order mark", encode(`\ufeff${headerLine.slice(0, 80)}`)],
  ["the beginning of another run's header", encode(encodeLine(other, 0).text.slice(0, -20))],
  ["a text of one line", encode("my notes of last Tuesday")],
  ["a text of one line with an end", encode("my notes of last Tuesday\n")],
  ["the beginning of the header, and more", encode(`${headerLine.slice(0, 30)} and more`)],
  ["a header with another last byte", encode(`${headerLine.slice(0, -2)}\r`)],
  ["NULs", new Uint8Array(20)],
  ["a blank line", encode("\n")],
  ["blanks", encode("   ")],
  ["one JSON object", encode('{"kind":"run"}')],
  ["a journal with something foreign behind it", encode(`${whole}Hello`)],
  ["a journal with a megabyte behind it", encode(whole + "x".repeat(1 << 20))],
  ["a journal whose last line end is an X", encode(`${whole.slice(0, -1)}X`)],
])("%s is refused and stays as it is", (_what, bytes) => {
  Deno.writeFileSync(path, bytes);
  expect(() => open()).toThrow(InputError);
  expect(() => open()).toThrow("Nothing was changed");
  expect(Deno.readFileSync(path)).toEqual(bytes);
  expect(names()).toEqual(["journal.jsonl"]);
});

test("what does not accept the content leaves a torn journal as it is", () => {
  const bytes = encode(`${whole}{"kind":"note","a`);
  Deno.writeFileSync(path, bytes);
  const refuse = () => {
    throw new InputError({ file: path, expected: "another run" });
  };
  expect(() => open(HEADER, refuse)).toThrow("another run");
  expect(Deno.readFileSync(path)).toEqual(bytes);
});

test("a last line that lacks its line end is kept, and gone on behind", () => {
  Deno.writeFileSync(path, encode(whole.slice(0, -1)));
  const { journal } = open();
  journal.append([note(3)]);
  journal.close();
  expect(loadJournal(path)!.entries).toEqual([note(1), note(2), note(3)]);
});

test("what a power failure tore is cut off, kept beside, and said", () => {
  const torn = new Uint8Array([...encode(`${whole}{"kind":"no`), ...new Uint8Array(700)]);
  Deno.writeFileSync(path, torn);
  const { journal, notice } = open();
  journal.append([note(3)]);
  journal.close();
  expect(loadJournal(path)!.entries).toEqual([note(1), note(2), note(3)]);
  const beside = names().find((name) => name.includes(".cut-at-"))!;
  expect(notice).toContain(`${folder}/${beside}`);
  expect(Deno.readFileSync(`${folder}/${beside}`)).toEqual(torn.subarray(whole.length));
});

test("NULs ahead of lines of a later write are a damage, and refused", () => {
  const journal = Journal.create(path, HEADER, { sync: "never" });
  for (let at = 1; at < 40; at++) journal.append([note(at), note(at)]);
  journal.close();
  const bytes = Deno.readFileSync(path);
  bytes.fill(0, 1024, 1536);
  Deno.writeFileSync(path, bytes);
  expect(() => open()).toThrow("undamaged line");
  expect(Deno.readFileSync(path)).toEqual(bytes);
});

test("NULs within one write, with lines of it behind, were never acted on", () => {
  const journal = Journal.create(path, HEADER, { sync: "never" });
  journal.append([note(1)]);
  journal.append(Array.from({ length: 40 }, (_, i) => note(2 + i)));
  journal.close();
  const bytes = Deno.readFileSync(path);
  bytes.fill(0, 1024, 1536);
  Deno.writeFileSync(path, bytes);
  const { journal: again, notice } = open();
  again.close();
  expect(notice).toContain("torn");
  const { entries } = loadJournal(path)!;
  expect(entries.length).toBeGreaterThan(5);
  expect(entries.map(({ at }) => at)).toEqual(entries.map((_, i) => i + 1));
});

test.each<[string, () => void, string]>([
  ["a folder", () => Deno.mkdirSync(path), "it is a folder, not a file (EISDIR)"],
  [
    "a link to itself",
    () => Deno.symlinkSync("journal.jsonl", path),
    "its symbolic links lead in a circle (ELOOP)",
  ],
  [
    "a pipe",
    () => void new Deno.Command("mkfifo", { args: [path] }).outputSync(),
    "it is no ordinary file (ENOTFILE)",
  ],
])("%s in its place is refused in words", (_what, make, words) => {
  make();
  expect(() => open()).toThrow(EnvironmentError);
  expect(() => open()).toThrow(`can't open the journal ${path}: ${words}`);
  expect(names()).toEqual(["journal.jsonl"]);
});
