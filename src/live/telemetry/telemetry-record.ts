import type { RecordFormat } from "../../runs/records/record.ts";
import { NVIDIA_SMI_FIELDS } from "./gpu-sample.ts";
import { gpuEnergy } from "./gpu-series.ts";
import { readGpuTelemetryCsv } from "./telemetry-csv.ts";

/** GPUs over time, as a file that is described. */
export const gpuTelemetryRecord: RecordFormat = {
  name: "gpu-telemetry",
  title: "telemetry.csv: GPUs over time, fields of nvidia-smi",
  recognise({ header }) {
    const names = header.map((name) => name.trim().replace(/ \[.*\]$/, ""));
    return NVIDIA_SMI_FIELDS.every((field) => names.includes(field))
      ? "header with the fields of nvidia-smi"
      : undefined;
  },
  describe(text, source) {
    const series = readGpuTelemetryCsv(text, source);
    const gpus = [...new Set(series.index)];
    const most = (values: Float64Array, index: number) => {
      const of = values.filter((value, row) => series.index[row] === index && !Number.isNaN(value));
      return of.length === 0 ? null : of.reduce((most, each) => Math.max(most, each));
    };
    return {
      rows: series.size,
      span_s: series.size === 0 ? 0 : series.time[series.size - 1] - series.time[0],
      gpus: Object.fromEntries(gpus.map((index) => {
        const energy = gpuEnergy(series, index);
        return [String(index), {
          name: series.name.names[series.name.codes[series.index.indexOf(index)]],
          most_power_w: most(series.power, index),
          most_memory_used_mib: most(series.memoryUsed, index),
          energy_j: Number.isNaN(energy) ? null : energy,
        }];
      })),
    };
  },
};
