import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";

const script = fileURLToPath(new URL("support/heap-growth.ts", import.meta.url));
let bytes: Record<string, number>;

beforeAll(async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-read",
      "--v8-flags=--min-semi-space-size=128,--max-semi-space-size=128",
      script,
    ],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  bytes = JSON.parse(new TextDecoder().decode(stdout));
}, 120_000);

test.each(["async", "sync", "short of KV", "by priority"])(
  "the warm engine (%s) allocates nothing a request or a step",
  (loop) => {
    // A few kilobytes for the whole run; a dozen steps and more are planned for each request.
    expect(bytes[loop]).toBeLessThan(2);
  },
);

test("short of KV, a server with a prefix cache allocates an entry for who was preempted", () => {
  expect(bytes["finding own blocks"]).toBeLessThan(100);
});

test("the meter sees an allocation", () => {
  expect(bytes["an object each"]).toBeGreaterThan(12);
});
