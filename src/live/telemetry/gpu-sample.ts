import Papa from "papaparse";
import { InputError } from "../../errors/input-error.ts";
import { parseMetricsText } from "./metrics-text.ts";

/** One GPU at one instant; NaN and "" for what it does not tell. */
export interface GpuSample {
  readonly index: number;
  readonly name: string;
  /** °C. */
  readonly temperature: number;
  /** W. */
  readonly power: number;
  /** Performance state, P0 (fastest) to P15. */
  readonly pstate: string;
  /** MHz. */
  readonly smClock: number;
  readonly memoryClock: number;
  /** Percent of the time in which a kernel ran, in which memory was read or written. */
  readonly utilization: number;
  readonly memoryUtilization: number;
  /** MiB. */
  readonly memoryUsed: number;
  readonly memoryTotal: number;
  /** The sampler's own time of day, as it wrote it; "" from an exporter. */
  readonly timestamp: string;
}

/** What nvidia-smi is asked for: the fields of the reference system's `telemetry.csv`, in its order. */
export const NVIDIA_SMI_FIELDS = [
  "timestamp",
  "index",
  "name",
  "temperature.gpu",
  "power.draw",
  "pstate",
  "clocks.sm",
  "clocks.mem",
  "utilization.gpu",
  "utilization.memory",
  "memory.used",
  "memory.total",
] as const;

/** A number with or without its unit; NaN for `[N/A]`, `[Not Supported]` and the like. */
function reading(text: string): number {
  const match = /^-?\d+(?:\.\d+)?/.exec(text);
  return match === null ? NaN : Number(match[0]);
}

/**
 * One line of nvidia-smi's CSV for {@link NVIDIA_SMI_FIELDS}, with units or without. Throws an
 * InputError for a line of other fields.
 */
export function parseNvidiaSmiLine(line: string, source = "nvidia-smi"): GpuSample {
  const [cells = []] = Papa.parse<string[]>(line, { delimiter: "," }).data;
  const values = cells.map((cell) => cell.trim());
  const index = Number(values[1] ?? "");
  if (values.length !== NVIDIA_SMI_FIELDS.length || !Number.isInteger(index) || index < 0) {
    throw new InputError({
      file: source,
      value: line,
      expected: `a line of ${NVIDIA_SMI_FIELDS.join(", ")}`,
    });
  }
  return {
    timestamp: values[0],
    index,
    name: values[2],
    temperature: reading(values[3]),
    power: reading(values[4]),
    pstate: /^P\d+$/.test(values[5]) ? values[5] : "",
    smClock: reading(values[6]),
    memoryClock: reading(values[7]),
    utilization: reading(values[8]),
    memoryUtilization: reading(values[9]),
    memoryUsed: reading(values[10]),
    memoryTotal: reading(values[11]),
  };
}

/** What the exporter of NVIDIA's DCGM calls the same things. */
const DCGM = {
  temperature: "DCGM_FI_DEV_GPU_TEMP",
  power: "DCGM_FI_DEV_POWER_USAGE",
  smClock: "DCGM_FI_DEV_SM_CLOCK",
  memoryClock: "DCGM_FI_DEV_MEM_CLOCK",
  utilization: "DCGM_FI_DEV_GPU_UTIL",
  memoryUtilization: "DCGM_FI_DEV_MEM_COPY_UTIL",
  memoryUsed: "DCGM_FI_DEV_FB_USED",
} as const;
const MEMORY_PARTS = [
  DCGM.memoryUsed,
  "DCGM_FI_DEV_FB_FREE",
  "DCGM_FI_DEV_FB_RESERVED",
] as const;
const DCGM_NAMES: ReadonlySet<string> = new Set([...Object.values(DCGM), ...MEMORY_PARTS]);

/**
 * GPUs of a DCGM exporter's page, by index; none if it has none. Throws an InputError for a page that
 * is no metrics.
 */
export function parseDcgmPage(text: string, source: string): GpuSample[] {
  const { values } = parseMetricsText(text, source, { wanted: (name) => DCGM_NAMES.has(name) });
  const gpus = new Map<string, string>();
  for (const samples of values.values()) {
    for (const { labels } of samples) gpus.set(labels.gpu ?? "0", labels.modelName ?? "");
  }
  const of = (gpu: string, name: string) =>
    values.get(name)?.find(({ labels }) => (labels.gpu ?? "0") === gpu)?.value ?? NaN;
  return [...gpus].map(([gpu, name]) => {
    const parts = MEMORY_PARTS.map((part) => of(gpu, part));
    const known = parts.filter((part) => !Number.isNaN(part));
    return {
      timestamp: "",
      index: Number(gpu),
      name,
      temperature: of(gpu, DCGM.temperature),
      power: of(gpu, DCGM.power),
      pstate: "",
      smClock: of(gpu, DCGM.smClock),
      memoryClock: of(gpu, DCGM.memoryClock),
      utilization: of(gpu, DCGM.utilization),
      memoryUtilization: of(gpu, DCGM.memoryUtilization),
      memoryUsed: of(gpu, DCGM.memoryUsed),
      // Used and free together are the whole; one of them alone is not.
      memoryTotal: Number.isNaN(parts[0] + parts[1])
        ? NaN
        : known.reduce((sum, part) => sum + part, 0),
    };
  }).sort((a, b) => a.index - b.index);
}
