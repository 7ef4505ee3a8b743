import { expect, test } from "vitest";
import { loadArenaMeasured, loadArenaTrace } from "../../../../src/files/load-arena.ts";
import { mean, quantile } from "../support/statistics.ts";

test("the measured outcome belongs to the trace, row for row", async () => {
  const { requests, truth } = (await loadArenaTrace()).workload;
  const { workload, report } = await loadArenaMeasured();
  expect(report).toMatchObject({ rowsRead: 1500, rowsKept: 1500, columnsIgnored: [] });
  expect(workload.requests.arrival).toEqual(requests.arrival);
  expect(workload.requests.promptTokens).toEqual(requests.promptTokens);
  expect(workload.truth.outputTokens).toEqual(truth.outputTokens);
  expect(workload.requests.tenant).toEqual(requests.tenant);
});

test("the measured times are those of the notes", async () => {
  const { workload: { requests: { arrival, tenant }, truth }, measured } =
    await loadArenaMeasured();
  const { outputTokens } = truth;
  const firstTokenSeconds = measured!.firstToken!.map((at, i) => at - arrival[i]);
  const latencySeconds = measured!.finish!.map((at, i) => at - arrival[i]);
  // Source: notes on the traces, section 3, [computed].
  expect(mean(firstTokenSeconds)).toBeCloseTo(46.8, 1);
  expect(quantile(firstTokenSeconds, 0.5)).toBeCloseTo(39.1, 1);
  expect(quantile(firstTokenSeconds, 0.99)).toBeCloseTo(136.9, 1);
  const perToken = Array.from(
    outputTokens,
    (tokens, i) => (latencySeconds[i] - firstTokenSeconds[i]) / (tokens - 1),
  );
  expect(quantile(perToken, 0.5)).toBeCloseTo(0.045, 3);

  const sent = new Int32Array(tenant.names.length);
  const waited = new Float64Array(tenant.names.length);
  tenant.codes.forEach((code, i) => {
    sent[code]++;
    waited[code] += firstTokenSeconds[i];
  });
  const ranked = [...sent.keys()].sort((a, b) => sent[b] - sent[a]);
  const top = ranked.slice(0, 4).map((code) => Math.round(waited[code] / sent[code]));
  expect(top).toEqual([46, 58, 15, 34]);
  const rest = ranked.slice(4);
  const sum = (column: ArrayLike<number>) => rest.reduce((total, code) => total + column[code], 0);
  expect(Math.round(sum(waited) / sum(sent))).toBe(55);
});
