import { expect, test } from "vitest";
import { traceOptions } from "../../src/tasks/trace-arguments.ts";

test("the command line's values are options of openTrace", async () => {
  expect(
    await traceOptions({ format: "lengths", lenient: true, option: ["rate=4", "spread=none"] }),
  )
    .toEqual({ format: "lengths", lenient: true, rate: 4, spread: "none" });
  expect(await traceOptions({ lenient: false })).toEqual({ format: undefined, lenient: false });
});

test("maps are joined, guess stands alone, and a file is read", async () => {
  expect(await traceOptions({ lenient: false, map: ["arrival=t:s,prompt=p", "output=o"] }))
    .toMatchObject({ map: "arrival=t:s,prompt=p,output=o" });
  expect(await traceOptions({ lenient: false, map: ["guess"] })).toMatchObject({ map: "guess" });
  const path = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(path, '{"prompt":"p"}');
  expect(await traceOptions({ lenient: false, map: [path] }))
    .toMatchObject({ map: { prompt: "p" }, mapFile: path });
  await Deno.remove(path);
});

test.each([
  [{ option: ["rate"] }, 'command line, field option: got "rate", expected name=value'],
  [{ map: ["guess", "arrival=t:s"] }, "command line, field --map: got"],
  [{ map: ["none.json"] }, "expected a map, such as arrival=ts_ms:ms"],
])("%j is refused", async (values, message) => {
  await expect(traceOptions({ lenient: false, ...values })).rejects.toThrow(message);
});
