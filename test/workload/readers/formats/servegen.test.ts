import { expect, test } from "vitest";
import { readTrace } from "../../../../src/workload/readers/read-trace.ts";
import { arrivalGaps, indexOfDispersion } from "../../../../src/workload/statistics/arrivals.ts";
import { coefficientOfVariation } from "../../../../src/statistics/moments.ts";
import { mean } from "../../../../src/statistics/quantile.ts";

const HEADER = "client_id,window_start_s,rate_rps,cv,arrival_pattern,param1,param2\n";
const RATES = `${HEADER}a,21600,10.0,2.0,Gamma,0.25,0.04\na,22200,0,0,,0,0\n` +
  "b,21600,2.5,1.0,Gamma,1.0,0.4\nc,21600,1,1,,0,0\na,0,5,1,Gamma,1,1\n";
const lengths = (input: string, output: string) => ({ input_tokens: input, output_tokens: output });
const HISTOGRAMS = {
  a: { "0": lengths("{}", "{}"), "21600": lengths("{100: 0.25, 200: 0.75}", "{7: 1.0}") },
  b: { "21600": lengths("{50.0: 2e-1}", "{0: 0.5, 3: 0.5}") },
};
const companions = { histograms: new TextEncoder().encode(JSON.stringify(HISTOGRAMS)) };
const read = (options = {}, text = RATES) =>
  readTrace(text, { source: "r.csv", companions, ...options });

test("each window gives its rate's requests, each client is a tenant, lengths are its histogram's", async () => {
  const { workload: { requests, truth }, report } = await read();
  expect(report).toMatchObject({ format: "servegen", rowsRead: 5, rowsKept: 2 });
  expect(report.setAside).toEqual([
    { reason: "windows outside 21600 to 22200 s", rows: 2 },
    { reason: "windows without token lengths", rows: 1 },
  ]);
  expect(requests.size).toBe(7500);
  const of = (client: string, column: Int32Array) => {
    const code = requests.tenant.names.indexOf(client);
    return column.filter((_, row) => requests.tenant.codes[row] === code);
  };
  expect(of("a", truth.outputTokens).length).toBe(6000);
  expect(new Set(of("a", requests.promptTokens))).toEqual(new Set([100, 200]));
  expect(mean(of("a", requests.promptTokens))).toBeCloseTo(175, -1);
  expect(new Set(of("b", requests.promptTokens))).toEqual(new Set([50]));
  expect(new Set(of("b", truth.outputTokens))).toEqual(new Set([1, 3]));
  expect(requests.arrival[7499]).toBeLessThan(600);
});

test("gaps have the coefficient of variation of the family's shape", async () => {
  const one = (family: string, shape: number) =>
    read({}, `${HEADER}a,21600,10.0,2.0,${family},${shape},0.04\n`);
  const cv = async (family: string, shape: number) =>
    coefficientOfVariation(arrivalGaps((await one(family, shape)).workload.requests));
  expect(await cv("Gamma", 0.25)).toBeCloseTo(2, 0);
  expect(await cv("Gamma", 4)).toBeCloseTo(0.5, 1);
  // Weibull of shape 1/2 is a squared exponential: CV √5.
  expect(Math.abs(await cv("Weibull", 0.5) - Math.sqrt(5))).toBeLessThan(0.25);
  const { requests } = (await one("Gamma", 0.25)).workload;
  expect(indexOfDispersion(requests, 1)).toBeGreaterThan(2);
});

test("a rate scales all clients alike, a seed gives the same requests, a start another time", async () => {
  const slow = (await read({ rate: 1, seed: 3 })).workload;
  expect(slow.requests.size).toBe(600);
  expect((await read({ rate: 1, seed: 3 })).workload.requests).toEqual(slow.requests);
  expect((await read({ rate: 1, seed: 4 })).workload.requests).not.toEqual(slow.requests);
  await expect(read({ from: 600 })).rejects.toThrow(
    "expected at least one usable row: all 5 are set aside",
  );
});

test("a client's files as published have no header and one client", async () => {
  const trace = "21600,10.0,2.0,Gamma,0.25,0.04\n22200,0,0,,0,0\n";
  const histograms = new TextEncoder().encode(JSON.stringify(HISTOGRAMS.a));
  const { workload, report } = await readTrace(trace, { companions: { histograms } });
  expect(report.recognised).toContain("without a header");
  expect(workload.requests.tenant.names).toEqual(["0"]);
  expect(workload.requests.size).toBe(6000);
});

test.each([
  ["{163: 0.1, x: 1}", "a dictionary of lengths and shares"],
  ["{1.5: 0.1}", "whole numbers from 0 to 2147483647 with shares of at least 0"],
  ["__import__('os')", "a dictionary of lengths and shares"],
])("histogram %j is refused", async (histogram, expected) => {
  const bad = { a: { "21600": lengths(histogram, "{1: 1}") } };
  const histograms = new TextEncoder().encode(JSON.stringify(bad));
  await expect(read({ companions: { histograms } })).rejects.toThrow(expected);
});

test("a client without lengths at the time has its latest before, and the report says so", async () => {
  const later = `${HEADER}a,64800,1.0,1.0,Gamma,1.0,1.0\n`;
  const { workload, report } = await read({ from: 64_800 }, later);
  expect(new Set(workload.requests.promptTokens)).toEqual(new Set([100, 200]));
  expect(report.assumptions).toContain(
    "1 windows use the client's token lengths of earlier hours",
  );
});

test("without histograms the file is refused with the name of what is missing", async () => {
  await expect(readTrace(RATES, { source: "r.csv" })).rejects.toThrow(
    "r.csv, field histograms: expected a further file: token histograms per client",
  );
});

test("windows of more requests than memory holds are refused before any is drawn", async () => {
  await expect(read({}, `${HEADER}a,21600,900000,1,Gamma,1,1\n`)).rejects.toThrow(
    "r.csv: got 540000000, expected at most 50000000 requests to sample",
  );
});

/** Of a client that sends images; sounds are never there. */
const MULTIMODAL = {
  text_tokens: "{10: 1.0}",
  image_count: "{0: 0.5, 2: 0.5}",
  image_tokens: "{100: 0.5, 200: 0.5}",
  audio_count: "{0: 1.0}",
  audio_tokens: "{0: 1.0}",
  output_tokens: "{7: 1.0}",
};
const encoded = (json: unknown) => ({
  histograms: new TextEncoder().encode(JSON.stringify(json)),
});

test("prompts that hold images are their text and each image's tokens", async () => {
  const { workload, report } = await read({
    companions: encoded({ a: { "21600": MULTIMODAL } }),
  });
  const { requests } = workload;
  expect(requests.size).toBe(6000);
  const images = requests.extra!.NumImages as Int32Array;
  expect(Object.keys(requests.extra!)).toEqual(["NumImages"]);
  expect(new Set(images)).toEqual(new Set([0, 2]));
  // Two images of 100 or 200 tokens, beside 10 of text.
  const withImages = requests.promptTokens.filter((_, row) => images[row] === 2);
  expect(new Set(withImages)).toEqual(new Set([210, 310, 410]));
  expect(new Set(requests.promptTokens.filter((_, row) => images[row] === 0))).toEqual(
    new Set([10]),
  );
  // 10 + 0.5 × 2 × 150.
  expect(Math.abs(mean(requests.promptTokens) - 160)).toBeLessThan(8);
  expect(report.assumptions.join()).toContain("a count is drawn, then the tokens of each one");
});

test("an empty histogram leaves a window out, a missing one is refused by its name", async () => {
  const empty = { a: { "21600": { ...MULTIMODAL, image_tokens: "{}" } } };
  await expect(read({ companions: encoded(empty) })).rejects.toThrow("at least one histogram");
  const { image_count: _, ...without } = MULTIMODAL;
  await expect(read({ companions: encoded({ a: { "21600": without } }) })).rejects.toThrow(
    "field a.21600.image_count: expected a histogram, as there is one of image_tokens",
  );
});

test("a prompt of a billion images is refused before one is drawn", async () => {
  const many = { a: { "21600": { ...MULTIMODAL, image_count: "{1000000000: 1.0}" } } };
  await expect(read({ companions: encoded(many) })).rejects.toThrow(
    'field a.21600.image_count: got "1000000000: 1.0", expected whole numbers from 0 to 10000',
  );
});
