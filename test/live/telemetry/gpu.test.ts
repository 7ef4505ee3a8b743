import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { parseDcgmPage, parseNvidiaSmiLine } from "../../../src/live/telemetry/gpu-sample.ts";
import { gpuEnergy, GpuRecorder } from "../../../src/live/telemetry/gpu-series.ts";
import {
  readGpuTelemetryCsv,
  writeGpuTelemetryCsv,
} from "../../../src/live/telemetry/telemetry-csv.ts";

const L4 = "2026/05/01 12:00:00.123, 0, NVIDIA L4, 54, 71.23, P0, 2040, 6250, 97, 61, 20123, 23034";

describe("a line of nvidia-smi", () => {
  test("has the fields of the reference's telemetry.csv", () => {
    expect(parseNvidiaSmiLine(L4)).toEqual({
      timestamp: "2026/05/01 12:00:00.123",
      index: 0,
      name: "NVIDIA L4",
      temperature: 54,
      power: 71.23,
      pstate: "P0",
      smClock: 2040,
      memoryClock: 6250,
      utilization: 97,
      memoryUtilization: 61,
      memoryUsed: 20123,
      memoryTotal: 23034,
    });
  });

  test("may have units, and fields that the GPU does not know", () => {
    const line = "2026/05/01 12:00:00, 1, Tesla T4, 54, [N/A], P8, 300 MHz, [Not Supported], 0 %," +
      " [Unknown Error], 3 MiB, 15360 MiB";
    expect(parseNvidiaSmiLine(line)).toMatchObject({
      index: 1,
      power: NaN,
      smClock: 300,
      memoryClock: NaN,
      utilization: 0,
      memoryUtilization: NaN,
      memoryTotal: 15360,
    });
  });

  test.each([
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    "Unable to determine the device handle for GPU0: GPU is lost",
    L4.replace(", 23034", ""),
    L4.replace(" 0,", " x,"),
  ])("that is none is refused: %s", (line) => {
    expect(() => parseNvidiaSmiLine(line)).toThrow(InputError);
  });
});

test("a DCGM exporter's page gives the same columns, memory as its parts", () => {
  const labels = (gpu: number) =>
    `{gpu="${gpu}",UUID="GPU-${gpu}",device="nvidia${gpu}",modelName="NVIDIA L4",Hostname="h"}`;
  const page = [1, 0].flatMap((gpu) => [
    `DCGM_FI_DEV_SM_CLOCK${labels(gpu)} 2040`,
    `DCGM_FI_DEV_GPU_TEMP${labels(gpu)} ${50 + gpu}`,
    `DCGM_FI_DEV_POWER_USAGE${labels(gpu)} ${70 + gpu}.5`,
    `DCGM_FI_DEV_GPU_UTIL${labels(gpu)} 97`,
    `DCGM_FI_DEV_FB_FREE${labels(gpu)} 2000`,
    `DCGM_FI_DEV_FB_USED${labels(gpu)} 20000`,
    `DCGM_FI_DEV_XID_ERRORS${labels(gpu)} 0`,
  ]).join("\n");
  const [zero, one] = parseDcgmPage(page, "exporter");
  expect(zero).toMatchObject({
    index: 0,
    name: "NVIDIA L4",
    power: 70.5,
    temperature: 50,
    smClock: 2040,
    memoryClock: NaN,
    memoryUsed: 20000,
    memoryTotal: 22000,
  });
  expect([one.index, one.power]).toEqual([1, 71.5]);
  expect(parseDcgmPage("up 1\n", "exporter")).toEqual([]);
});

function series() {
  const recorder = new GpuRecorder();
  for (const [time, power] of [[10, 60], [10.5, 80], [11, NaN], [12, 40]]) {
    recorder.add(time, { ...parseNvidiaSmiLine(L4), power });
    recorder.add(time, { ...parseNvidiaSmiLine(L4), index: 1, power: 10 });
  }
  return recorder.finish();
}

test("energy is power over time, one GPU at a time", () => {
  expect(gpuEnergy(series(), 0)).toBeCloseTo(0.5 * 70 + 1.5 * 60, 9);
  expect(gpuEnergy(series(), 1)).toBeCloseTo(20, 9);
  expect(gpuEnergy(series(), 2)).toBeNaN();
});

describe("telemetry.csv", () => {
  test("is read back as it was written", () => {
    const csv = writeGpuTelemetryCsv(series());
    expect(csv.split("\n")[0]).toBe(
      "timestamp,index,name,temperature.gpu,power.draw,pstate,clocks.sm,clocks.mem," +
        "utilization.gpu,utilization.memory,memory.used,memory.total,time_s",
    );
    expect(readGpuTelemetryCsv(csv, "telemetry.csv")).toEqual(series());
  });

  test("of the reference system, as nvidia-smi heads it, starts at 0", () => {
    const csv =
      "timestamp, index, name, temperature.gpu, power.draw [W], pstate, clocks.sm [MHz]," +
      " clocks.mem [MHz], utilization.gpu [%], utilization.memory [%], memory.used [MiB]," +
      ` memory.total [MiB]\n${L4}\n${L4.replace("12:00:00.123", "12:00:00.323")}\n`;
    const read = readGpuTelemetryCsv(csv, "telemetry.csv");
    expect(read.time[0]).toBe(0);
    expect(read.time[1]).toBeCloseTo(0.2, 6);
    expect([...read.power]).toEqual([71.23, 71.23]);
  });

  test.each([
    ["time,power\n1,2\n", /telemetry.csv, row 1: .*timestamp, index/],
    [`${writeGpuTelemetryCsv(series()).split("\n")[0]}\nx\n`, /telemetry.csv, row 2/],
    [
      `${writeGpuTelemetryCsv(series()).split("\n").slice(0, 2).join("\n").replace(/10$/, "soon")}`,
      /row 2, field time_s: got "soon"/,
    ],
  ])("that can't be read says where", (text, message) => {
    expect(() => readGpuTelemetryCsv(text, "telemetry.csv")).toThrow(message);
  });
});
