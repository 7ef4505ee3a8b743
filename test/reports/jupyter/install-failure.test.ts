import { expect, test } from "vitest";
import { installFailure } from "../../../src/reports/jupyter/install-failure.ts";

// As pip 25 and uv 0.13 print it where a hash in the requirements was changed.
test.each([
  "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated",
  "  Hash mismatch for `certifi==2026.10.18`",
])("a file with another hash is told as that: %s", (line) => {
  const { message } = installFailure("pip install", "exit code 1", ["Collecting certifi", line]);
  expect(message).toMatch(/^Cannot set up JupyterLab: .* is not the file whose hash is in/);
  expect(message).toContain("It was not installed");
  expect(message).toContain(line);
});

test("any other failure names the command, how it ended and what it printed last", () => {
  const { message } = installFailure("pip install x", "signal SIGKILL", ["one", "two"]);
  expect(message).toBe(
    'Cannot set up JupyterLab: "pip install x" ended with signal SIGKILL:\none\ntwo',
  );
});
