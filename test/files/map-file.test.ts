import { afterAll, beforeAll, expect, test } from "vitest";
import { pathToFileURL } from "node:url";
import { openTrace } from "../../src/traces/open-trace.ts";

let folder: string;
let log: string;
beforeAll(async () => {
  folder = await Deno.makeTempDir();
  log = `${folder}/log.csv`;
  await Deno.writeTextFile(log, "ts_ms,p,o\n1763324552000,5,2\n1763324553500,6,3\n");
});
afterAll(() => Deno.remove(folder, { recursive: true }));

const MAP = { arrival: "ts_ms:ms", prompt: "p", output: { column: "o" } };

test("a map is a text, an object, or the path or URL of a file", async () => {
  const path = `${folder}/map.json`;
  await Deno.writeTextFile(path, JSON.stringify(MAP));
  const maps = ["arrival=ts_ms:ms,prompt=p,output=o", MAP, path, pathToFileURL(path)];
  for (const map of maps) {
    const { workload, report } = await openTrace(log, { map });
    expect([...workload.requests.arrival]).toEqual([0, 1.5]);
    expect(report.format).toBe("mapped");
  }
});

test("a bad map in a file is refused by the file's name", async () => {
  const path = `${folder}/bad.json`;
  await Deno.writeTextFile(path, JSON.stringify({ ...MAP, arival: "ts_ms" }));
  await expect(openTrace(log, { map: path })).rejects.toThrow(`${path}, field map: got "arival"`);
  await Deno.writeTextFile(path, "{");
  await expect(openTrace(log, { map: path })).rejects.toThrow(
    `${path}: expected a column map in JSON`,
  );
  await Deno.writeTextFile(path, "3");
  await expect(openTrace(log, { map: path })).rejects.toThrow("expected an object of target to");
});

test("a file that is not there says what a map is", async () => {
  await expect(openTrace(log, { map: `${folder}/none.json` })).rejects.toThrow(
    `--map: got "${folder}/none.json", expected a map, such as arrival=ts_ms:ms,prompt=column,` +
      "output=column, a JSON file with one, or guess: there is no such file",
  );
});
