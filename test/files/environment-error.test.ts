import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  EnvironmentError,
  environmentErrorOf,
  inWords,
  inWordsAsync,
} from "../../src/files/environment-error.ts";
import { InputError } from "../../src/errors/input-error.ts";

let folder: string;
beforeEach(() => {
  folder = Deno.makeTempDirSync();
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const LONG = "n".repeat(300);

/** What the machine really throws, the path that the sentence names, and the cause in it. */
const FAILURES: [string, () => unknown, string, string][] = [
  [
    "Deno: a full disk",
    () => {
      using file = Deno.openSync("/dev/full", { write: true });
      file.writeSync(new Uint8Array(1));
    },
    "a file",
    "the disk is full (ENOSPC)",
  ],
  ["Node: a full disk", () => writeFileSync("/dev/full", "x"), "a file", "full (ENOSPC)"],
  [
    "Deno: a folder for a file",
    () => Deno.openSync(folder, { write: true }),
    "FOLDER",
    "it is a folder, not a file (EISDIR)",
  ],
  ["Node: a folder for a file", () => writeFileSync(folder, "x"), "FOLDER", "a folder, not a file"],
  [
    "Deno: a file for a folder",
    () => Deno.mkdirSync(`${folder}/file/x`, { recursive: true }),
    "FOLDER/file/x",
    "a part of the path is a file, not a folder (ENOTDIR)",
  ],
  ["Node: a file for a folder", () => mkdirSync(`${folder}/file/x`), "FOLDER/file/x", "(ENOTDIR)"],
  [
    "Deno: a missing parent",
    () => Deno.writeTextFileSync(`${folder}/a/b`, ""),
    "FOLDER/a/b",
    "there is no such file or folder (ENOENT)",
  ],
  ["Node: a missing file", () => readFileSync(`${folder}/a`), "FOLDER/a", "no such file"],
  [
    "Deno: a name that is taken",
    () => Deno.mkdirSync(`${folder}/file`),
    "FOLDER/file",
    "something else has that name (EEXIST)",
  ],
  [
    "Deno: a long name",
    () => Deno.writeTextFileSync(`${folder}/${LONG}`, ""),
    `FOLDER/${LONG}`,
    "the name is too long (ENAMETOOLONG)",
  ],
  ["Node: a long name", () => writeFileSync(`${folder}/${LONG}`, ""), `FOLDER/${LONG}`, "too long"],
  [
    "Deno: a NUL byte",
    () => Deno.readFileSync(`${folder}/a\0b`),
    "FOLDER/a\\u0000b",
    "there is a NUL byte in its name",
  ],
  [
    "Deno: links in a circle",
    () => {
      Deno.symlinkSync("link", `${folder}/link`);
      Deno.readFileSync(`${folder}/link`);
    },
    "FOLDER/link",
    "its symbolic links lead in a circle (ELOOP)",
  ],
  [
    "Deno: a folder that is not empty",
    () => Deno.removeSync(folder),
    "FOLDER",
    "there is a folder of that name, with files in it (ENOTEMPTY)",
  ],
];

describe("what the machine throws", () => {
  test.each(FAILURES)("%s", (_what, work, path, cause) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    const error = environmentErrorOf(thrownBy(work))!;
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message).toMatch(/^can't use .+; .+$/);
    expect(error.message).toContain(`can't use ${path.replace("FOLDER", folder)}: `);
    expect(error.message).toContain(cause);
    expect(error.message).not.toContain("os error");
    expect(error.cause).toBeInstanceOf(Error);
  });

  test.each([
    () => new Float64Array(1e12),
    () => new Float64Array(1e17),
    () => new Float64Array(-1),
    () => new Array(1e12),
    () => "x".repeat(1e10),
  ])("memory that is not there: %s", (work) => {
    const { message, code } = environmentErrorOf(thrownBy(work), { path: "--paper" })!;
    expect(message).toMatch(
      /^--paper: more was asked for than fits into memory \(.+\); ask for less/,
    );
    expect(code).toBe("ENOMEM");
  });
});

/** Errors that no test can bring about everywhere, as Deno and Node say them. */
test.each([
  ["EROFS", "Read-only file system (os error 30): open '/ro/a'", "the file system is read-only"],
  ["EACCES", "Permission denied (os error 13): open '/ro/a'", "this user has no permission"],
  ["EDQUOT", "Disk quota exceeded (os error 122): open '/ro/a'", "the disk quota of this user"],
  ["EMFILE", "EMFILE: too many open files, open '/ro/a'", "too many files open"],
  ["EIO", "Input/output error (os error 5): open '/ro/a'", "the disk failed to read or write"],
])("%s names path, cause and a way out", (code, message, cause) => {
  const said = environmentErrorOf(Object.assign(new Error(message), { code }))!;
  expect(said.message).toMatch(/^can't use \/ro\/a: /);
  expect(said.message).toContain(`${cause}`);
  expect(said.message).toMatch(/; \w+ .+$/);
  expect(said.path).toBe("/ro/a");
});

test("Deno's own permissions are said with the flag", () => {
  const error = new Deno.errors.NotCapable(
    'Requires write access to "/a", run again with the --allow-write flag',
  );
  expect(environmentErrorOf(error)!.message).toBe(
    'Deno was started without write access to "/a"; start it with --allow-write',
  );
});

test("bugs, refusals and what is a sentence already are left as they are", () => {
  const told = new EnvironmentError("said", undefined, "ENOSPC");
  const others = [
    new TypeError("x is not a function"),
    new RangeError("Maximum call stack size exceeded"),
    new InputError({ file: "f", expected: "x" }),
    told,
    Object.assign(new Error("odd"), { code: "EODD" }),
    "a string",
    undefined,
  ];
  for (const error of others) expect(environmentErrorOf(error)).toBeNull();
  expect(thrownBy(() =>
    inWords({}, () => {
      throw told;
    })
  )).toBe(told);
});

test("work that goes well gives its result; what fails in it is named as the caller names it", async () => {
  expect(inWords({}, () => 3)).toBe(3);
  expect(await inWordsAsync({}, () => Promise.resolve(4))).toBe(4);
  const doing = { path: "runs/a", verb: "write", wayOut: "use --out" };
  const write = () => Deno.writeTextFile(folder, "x");
  const words = "can't write runs/a: it is a folder, not a file (EISDIR); use --out";
  await expect(inWordsAsync(doing, write)).rejects.toThrow(words);
});
