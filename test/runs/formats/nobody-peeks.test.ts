import { expect, test } from "vitest";
import { readAny } from "../../../src/runs/formats/read-any.ts";
import { EVERY_WRITER } from "../../../src/traces/formats.ts";
import { writeAny } from "../../../src/runs/formats/write-any.ts";
import { handWorkload } from "../../support/workloads.ts";

const LENGTHS = [3, 64, 12, 5, 40, 1, 33, 7];

/** What a gateway is given of a workload that was written and read again. */
async function requestsOf(format: string, outputTokens: readonly number[]) {
  const workload = handWorkload({
    arrival: LENGTHS.map((_, row) => 2 * row),
    promptTokens: LENGTHS.map((_, row) => 10 + row),
    outputTokens: [...outputTokens],
  });
  const measured = {
    sent: workload.requests.arrival,
    firstToken: workload.requests.arrival.map((time) => time + 1),
    finish: workload.requests.arrival.map((time, row) => time + 1 + outputTokens[row] / 100),
  };
  const { chunks, companions } = writeAny({ workload, measured }, {
    format,
  });
  const bytes = (text: Iterable<string>) => new TextEncoder().encode([...text].join(""));
  const { workload: { requests, truth } } = await readAny(bytes(chunks), {
    source: "trace",
    companions: Object.fromEntries(
      Object.entries(companions ?? {}).map(([role, text]) => [role, bytes([text])]),
    ),
  });
  return { requests, outputTokens: [...truth.outputTokens] };
}

test.each(EVERY_WRITER.map(({ name }) => name))(
  "what a gateway sees of a trace in format %s is the same whatever the answers' lengths",
  async (format) => {
    const one = await requestsOf(format, LENGTHS);
    const other = await requestsOf(format, LENGTHS.toReversed());
    expect(other.outputTokens).toEqual(one.outputTokens.toReversed());
    expect(JSON.stringify(other.requests)).toBe(JSON.stringify(one.requests));
  },
);
