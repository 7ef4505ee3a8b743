import { expect, test } from "vitest";
import { readTrace } from "../../src/traces/read-trace.ts";
import { EVERY_FORMAT } from "../../src/traces/formats.ts";
import { parseColumnMap } from "../../src/workload/readers/map/column-map.ts";
import { outcomeOf } from "../../src/workload/readers/map/status-words.ts";
import { TARGETS } from "../../src/workload/readers/map/targets.ts";
import { INSTANT_UNITS } from "../../src/workload/readers/map/units.ts";

const text = await Deno.readTextFile(new URL("../../docs/own-logs.md", import.meta.url));
const code = [...text.matchAll(/`([^`\n]+)`/g)].map(([, found]) => found);

test("every target and every unit of a map is in the list", () => {
  for (const word of [...Object.keys(TARGETS), ...INSTANT_UNITS]) expect(code).toContain(word);
});

test("the map on the command line and the one in a file are maps", async () => {
  const [, map] = /--map (\S+)/.exec(text)!;
  const log = "ts_ms,prompt_tok,completion_tok,user\n1763324552160,12,5,ada\n";
  expect((await readTrace(log, { map })).workload.requests.size).toBe(1);
  const [, file] = /```json\n(.+?)```/s.exec(text)!;
  expect(parseColumnMap(JSON.parse(file)).tenant).toEqual([{ column: "team" }, { column: "user" }]);
});

test("words of a status mean what is said", () => {
  const [, status] = /## Status\n(.+?)\n## /s.exec(text)!;
  const [answered, rejected, cancelled, failed] = status.split(/ Code 429,|; 499,|; other codes/)
    .map((part) => [...part.matchAll(/`([a-z_]+)`/g)].map(([, word]) => word));
  const outcomes = { answered, rejected, cancelled, failed };
  for (const [outcome, words] of Object.entries(outcomes)) {
    expect(words.length).toBeGreaterThan(2);
    for (const word of words) expect([word, outcomeOf(word)]).toEqual([word, outcome]);
  }
});

test("the formats that it names are there", () => {
  const names = EVERY_FORMAT.map(({ name }) => name);
  const [, known] = /## Known logs\n(.+)/s.exec(text)!;
  for (const [, name] of known.matchAll(/^\| `([a-z-]+)` \|/gm)) expect(names).toContain(name);
});
