import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { serverAddress } from "../../../src/live/client/server-address.ts";

test.each([
  ["http://localhost:8000", "http://localhost:8000"],
  ["http://localhost:8000/", "http://localhost:8000"],
  ["http://localhost:8000/v1", "http://localhost:8000"],
  ["https://gpu.example/team/v1/", "https://gpu.example/team"],
  ["http://[::1]:8000", "http://[::1]:8000"],
])("%s is the server %s", (text, server) => {
  expect(serverAddress(text)).toBe(server);
});

test.each([
  ["localhost:8000", "http://"],
  ["not a url", "an address like"],
  ["ftp://host/", "http://"],
  ["http://host/?key=hush", "without a query"],
  ["http://me:hush@host/", "without user and password"],
  ["http://hush@host/", "without user and password"],
  ["me:hush@host", "http://"],
  ["http//me:hush@host", "an address like"],
])("%s is refused", (text, expected) => {
  const read = () => serverAddress(text, "--url");
  expect(read).toThrow(InputError);
  expect(read).toThrow(/^--url, field url: /);
  expect(read).toThrow(expected);
  expect(read).not.toThrow("hush");
});
