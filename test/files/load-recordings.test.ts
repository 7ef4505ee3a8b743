import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import {
  loadCpuRecording,
  loadL4Recording,
  loadServerFile,
} from "../../src/files/load-recordings.ts";

test("a CPU recording brings requests, flags and iterations of one run", async () => {
  const { name, requests, description, steps } = await loadCpuRecording("ds_l5.fcfs16");
  expect(name).toBe("ds_l5.fcfs16");
  expect(requests.size).toBe(300);
  expect(description.server.max_num_seqs).toBe(16);
  // As the recordings' README counts them.
  expect(steps.size).toBe(4423);
});

test("the L4's log has no iterations and the flags of its server file", async () => {
  const [{ requests, description, steps }, file] = await Promise.all([
    loadL4Recording(),
    loadServerFile("l4-qwen3-1.7b"),
  ]);
  expect(requests.size).toBe(160);
  expect(steps).toBeNull();
  expect(description.server).toEqual(file.server);
});

test("a recording and a server that are not bundled are refused by file", async () => {
  await expect(loadCpuRecording("ds_l9.fcfs32")).rejects.toThrow(InputError);
  await expect(loadServerFile("h100")).rejects.toThrow(/servers\/h100\.json/);
});
