import { expect, test } from "vitest";
import { readTrace } from "../../../../src/traces/read-trace.ts";

const TIMED: Readonly<Record<string, readonly [text: string, options?: object]>> = {
  vidur: ["arrived_at,num_prefill_tokens,num_decode_tokens\n0,5,2\n1,6,3\n"],
  mapped: ["when,p,o\n0,5,2\n1,6,3\n", { map: "arrival=when:s,prompt=p,output=o" }],
  mooncake: [
    '{"timestamp": 0, "input_length": 5, "output_length": 2, "hash_ids": [1]}\n' +
    '{"timestamp": 900, "input_length": 6, "output_length": 3, "hash_ids": [2]}\n',
    { unit: "ms" },
  ],
};

test.each(Object.entries(TIMED))(
  "a rate for a file with times is refused, not ignored: %s",
  async (format, [text, options]) => {
    const read = (more: object) =>
      readTrace(text, { source: "given", format, ...options, ...more });
    expect((await read({})).workload.requests.arrival[1]).toBeGreaterThan(0);
    await expect(read({ rate: 3 })).rejects.toThrow(
      "given, field rate: got 3, expected no rate: the file has the times of its requests",
    );
  },
);

test("without times the rate is that of a Poisson process, and the seed makes it anew", async () => {
  const rows = Array.from({ length: 4000 }, () => "5,2").join("\n");
  const text = `num_prefill_tokens,num_decode_tokens\n${rows}\n`;
  const arrivals = async (options: object) =>
    (await readTrace(text, { format: "vidur", ...options })).workload.requests.arrival;
  const arrival = await arrivals({ rate: 8, seed: 2 });
  // A mean of 4000 gaps is off by 1.6 % on the average.
  expect(arrival[3999] / 4000).toBeCloseTo(1 / 8, 2);
  expect(await arrivals({ rate: 8, seed: 2 })).toEqual(arrival);
  expect(await arrivals({ rate: 8, seed: 3 })).not.toEqual(arrival);
  expect(Math.max(...await arrivals({}))).toBe(0);
});
