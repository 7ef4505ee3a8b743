import { expect, test } from "vitest";
import { asSent } from "../../src/fidelity/as-sent.ts";
import { recordedOf } from "../../src/fidelity/recorded-run.ts";
import { readTrace } from "../../src/workload/readers/read-trace.ts";

/** Requests at 0, 1 and 2 of 10, 20 and 30 tokens, each two seconds at the server. */
async function recorded(sent: readonly number[]) {
  const rows = sent.map((at, i) => `${i},${i},${10 * (i + 1)},5,${at},${at + 0.5},${at + 2}`);
  const header = "id,arrival_s,prompt_tokens,output_tokens,sent_s,first_token_s,finished_s";
  return recordedOf(await readTrace([header, ...rows].join("\n")), "r.csv");
}

test("a client that comes a little late is left alone", async () => {
  const requests = await recorded([0.001, 1.002, 2.001]);
  expect(asSent(requests)).toEqual({ requests, waited: 0 });
});

test("requests that waited in the client arrive in the order in which they were sent", async () => {
  const { requests, waited } = asSent(await recorded([0, 6, 4]));
  expect(waited).toBe(5);
  expect([...requests.arrival]).toEqual([0, 4, 6]);
  expect([...requests.promptTokens]).toEqual([10, 30, 20]);
  expect([...requests.firstToken]).toEqual([0.5, 4.5, 6.5]);
  expect([...requests.finish]).toEqual([2, 6, 8]);
  expect(requests.id).toEqual(["0", "2", "1"]);
});
