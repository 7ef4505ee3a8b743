import { afterEach, expect, test } from "vitest";
import { findPython } from "../../../src/reports/jupyter/find-python.ts";

const path = Deno.env.get("PATH")!;

afterEach(() => Deno.env.set("PATH", path));

/** A PATH with nothing on it but these programs, each a shell script. */
async function onlyOnPath(programs: Readonly<Record<string, string>>): Promise<void> {
  const directory = await Deno.makeTempDir();
  for (const [name, script] of Object.entries(programs)) {
    await Deno.writeTextFile(`${directory}/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  Deno.env.set("PATH", directory);
}

const python = (short: string, full: string, complete: string) =>
  `printf '${short}\\n${full}\\n${complete}\\n'`;

test("findPython() takes the first Python that is new enough and has venv", async () => {
  await onlyOnPath({
    "python3": python("3.9", "3.9.18", "True"),
    "python": python("3.12", "3.12.1", "False"),
    "python3.11": python("3.11", "3.11.7", "True"),
    "uv": "echo uv 0.13.9",
  });
  const version = "Python 3.11.7";
  expect(await findPython()).toEqual({ kind: "python", command: ["python3.11"], version });
});

test("findPython() falls back on uv", async () => {
  await onlyOnPath({ "python3": python("2.7", "2.7.18", "False"), "uv": "echo 'uv 0.13.9 (x86)'" });
  expect(await findPython()).toEqual({ kind: "uv", command: ["uv"], version: "uv 0.13.9" });
});

test("findPython() says what it found, why that does not do, and what to install", async () => {
  await onlyOnPath({
    "python3": python("3.9", "3.9.18", "True"),
    "python": python("3.12", "3.12.1", "False"),
    "python3.13": "exit 127",
  });
  const error = await findPython().then(() => null, (reason: Error) => reason);
  expect(error?.name).toBe("NoPythonError");
  expect(error?.message).toContain("python3 3.9.18 (too old); python 3.12.1 (without venv");
  for (const system of ["Debian", "Fedora", "macOS", "Windows", "uv"]) {
    expect(error?.message).toContain(system);
  }
});

test("findPython() says so where there is nothing at all", async () => {
  await onlyOnPath({});
  await expect(findPython()).rejects.toThrow("found: none");
});
