import { type GpuSample, NVIDIA_SMI_FIELDS, parseNvidiaSmiLine } from "./gpu-sample.ts";

/** How nvidia-smi is run. */
export interface NvidiaSmiOptions {
  /** The program, for tests and for machines where it stands elsewhere. @default "nvidia-smi" */
  readonly command?: string;
  /** Between two samples; the reference system takes one every 200 ms. @default 0.2 */
  readonly periodSeconds?: number;
  readonly onSample: (sample: GpuSample) => void;
}

/** A running nvidia-smi. */
export interface NvidiaSmi {
  /** Ends it; says what it complained of, or null. */
  stop(): Promise<string | null>;
}

/**
 * Starts nvidia-smi, which then prints a line a GPU and period. Null where there is none, or no right
 * to start it: a machine without a GPU is nothing to make a fuss about.
 */
export function startNvidiaSmi(options: NvidiaSmiOptions): NvidiaSmi | null {
  const { command = "nvidia-smi", periodSeconds = 0.2, onSample } = options;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(command, {
      args: [
        `--query-gpu=${NVIDIA_SMI_FIELDS.join(",")}`,
        "--format=csv,noheader,nounits",
        `--loop-ms=${Math.max(1, Math.round(periodSeconds * 1000))}`,
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch {
    return null;
  }
  let complaint: string | null = null;
  const read = readLines(child.stdout, (line) => {
    try {
      onSample(parseNvidiaSmiLine(line));
    } catch {
      // It speaks on the same channel of a missing driver or a lost GPU.
      complaint ??= line;
    }
  });
  const errors = readLines(child.stderr, (line) => complaint ??= line);
  const over = Promise.all([read, errors, child.status]);
  return {
    async stop() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended on its own.
      }
      await over;
      return complaint;
    },
  };
}

async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (line: string) => void,
): Promise<void> {
  let pending = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (pending + text).split("\n");
    pending = lines.pop()!;
    for (const line of lines) if (line.trim() !== "") take(line.trim());
  }
  if (pending.trim() !== "") take(pending.trim());
}
