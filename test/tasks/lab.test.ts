import { expect, test, vi } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { lab } from "../../src/tasks/lab.ts";

test("lab --help says what it does and starts nothing", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  expect(await lab(["--help"])).toBe(0);
  expect(log.mock.calls.join()).toContain("--set-up-only");
  log.mockRestore();
});

for (const args of [["--prot", "8888"], ["--port", "many"], ["--port", "65536"], ["notebook"]]) {
  test(`lab ${args.join(" ")} is refused by name`, async () => {
    await expect(lab(args)).rejects.toThrow(InputError);
    await expect(lab(args)).rejects.toThrow(args.at(-1));
  });
}
