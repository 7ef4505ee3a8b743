import { expect, test } from "vitest";
import { mooncake } from "../../../src/workload/readers/formats/mooncake.ts";
import { readWhole } from "../../../src/workload/readers/read-trace.ts";
import { azure } from "../../../src/workload/readers/formats/azure.ts";
import { joinRequests } from "../../../src/workload/transforms/join-requests.ts";

const azureText = "TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n" +
  "2024-05-10 00:00:00+00:00,2,21,5\n2024-05-10 00:00:01+00:00,0,30,1\n";
const mooncakeText = [0, 500, 1000].map((timestamp, i) =>
  JSON.stringify({
    timestamp,
    input_length: 10 + i,
    output_length: 1,
    hash_ids: [i, 9].slice(i % 2),
  })
).join("\n");

test("rows are merged by time, and a column of one source is empty in the other's rows", () => {
  const a = readWhole(azure, azureText, "a.csv").workload.requests;
  const b = readWhole(mooncake, mooncakeText, "b.jsonl").workload.requests;
  const { requests, from } = joinRequests(
    { ...a, model: { codes: Uint8Array.of(0, 0), names: ["m"] } },
    b,
  );
  expect([...requests.arrival]).toEqual([0, 0, 0.5, 1, 1]);
  expect([...from]).toEqual([0, 2, 3, 1, 4]);
  expect([...requests.promptTokens]).toEqual([21, 10, 11, 30, 12]);
  expect(requests.extra!.NumImages).toEqual(Int32Array.of(2, -1, -1, 0, -1));
  const { codes, names } = requests.model!;
  expect([...codes].map((code) => names[code])).toEqual(["m", "", "", "m", ""]);
  expect(requests.tenant.names).toEqual(["default"]);
  const { offsets, values } = requests.promptBlocks!;
  expect([...offsets]).toEqual([0, 0, 2, 3, 3, 5]);
  expect([...values]).toEqual([0, 9, 9, 2, 9]);
});
