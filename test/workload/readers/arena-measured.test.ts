import { expect, test } from "vitest";
import { loadArenaMeasured, loadArenaTrace } from "../../../src/files/load-arena.ts";
import { mean, quantile } from "./support/statistics.ts";

test("the measured outcome belongs to the trace, row for row", async () => {
  const { requests, truth } = (await loadArenaTrace()).workload;
  const { measured, report } = await loadArenaMeasured();
  expect(report).toMatchObject({ rowsRead: 1500, rowsKept: 1500, columnsIgnored: [] });
  expect(measured.arrival).toEqual(requests.arrival);
  expect(measured.promptTokens).toEqual(requests.promptTokens);
  expect(measured.outputTokens).toEqual(truth.outputTokens);
  expect(measured.tenant).toEqual(requests.tenant);
});

test("the measured times are those of the notes", async () => {
  const { measured } = await loadArenaMeasured();
  const { firstTokenSeconds, latencySeconds, outputTokens, tenant } = measured;
  // Source: notes on the traces, section 3, [computed].
  expect(mean(firstTokenSeconds)).toBeCloseTo(46.8, 1);
  expect(quantile(firstTokenSeconds, 0.5)).toBeCloseTo(39.1, 1);
  expect(quantile(firstTokenSeconds, 0.99)).toBeCloseTo(136.9, 1);
  const perToken = Array.from(
    outputTokens,
    (tokens, i) => (latencySeconds[i] - firstTokenSeconds[i]) / (tokens - 1),
  );
  expect(quantile(perToken, 0.5)).toBeCloseTo(0.045, 3);

  const requests = new Int32Array(tenant.names.length);
  const waited = new Float64Array(tenant.names.length);
  tenant.codes.forEach((code, i) => {
    requests[code]++;
    waited[code] += firstTokenSeconds[i];
  });
  const ranked = [...requests.keys()].sort((a, b) => requests[b] - requests[a]);
  const top = ranked.slice(0, 4).map((code) => Math.round(waited[code] / requests[code]));
  expect(top).toEqual([46, 58, 15, 34]);
  const rest = ranked.slice(4);
  const sum = (column: ArrayLike<number>) => rest.reduce((total, code) => total + column[code], 0);
  expect(Math.round(sum(waited) / sum(requests))).toBe(55);
});
