import { beforeAll, expect, test } from "vitest";
import { loadPointOf } from "../../src/fidelity/load-point.ts";
import { loadPointTable } from "../../src/fidelity/load-point-table.ts";
import { predictRecording } from "../../src/fidelity/predict.ts";
import { type LoadedPoint, loadL4Points, loadServerFile } from "../../src/files/load-recordings.ts";
import type { ServerFile } from "../../src/servers/costs/server-file.ts";

let points: LoadedPoint[];
let server: ServerFile;
beforeAll(async () => {
  [points, server] = await Promise.all([loadL4Points(), loadServerFile("l4-qwen3-1.7b")]);
});

test("one row a load point: measured, simulated and the error of each number", () => {
  const [point] = points;
  const { simulated } = predictRecording(point.recording, server);
  const found = loadPointOf(point.recording.requests, simulated);
  // What is predicted is measured: no error. Half of it measured: twice as much, +100 %.
  const alike = { ...point, measured: found };
  const half = {
    ...point,
    load: "half",
    measured: { ...found, ttft_p50_ms: found.ttft_p50_ms / 2 },
  };
  const [same, twice] = loadPointTable([alike, half], server).objects() as Record<string, string>[];
  expect(same.load).toBe(point.load);
  for (const [name, text] of Object.entries(same)) {
    if (name !== "load") expect(text, name).toContain("(+0.0\u00a0%)");
  }
  expect(twice["TTFT P50, ms"]).toBe(
    `${found.ttft_p50_ms / 2} → ${found.ttft_p50_ms.toPrecision(3)} (+100.0\u00a0%)`,
  );
});
