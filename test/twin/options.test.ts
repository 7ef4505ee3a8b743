import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { startTwin } from "../../src/twin/start-twin.ts";

test("a share of a category that no answer of the twin is of is refused", async () => {
  const lengths = { model: "fraction-of-cap", meanFraction: { sumary: 0.5 } } as const;
  const started = startTwin({ clock: "virtual", lengths });
  await expect(started).rejects.toThrow(InputError);
  await expect(started).rejects.toThrow(
    "field lengths.meanFraction.sumary: got 0.5, expected a known name",
  );
});
