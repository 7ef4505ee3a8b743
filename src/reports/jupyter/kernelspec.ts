import { join } from "node:path";
import type { JupyterEnvironment } from "./environment.ts";
import { writeIfChanged } from "./write-if-changed.ts";

/** Share of the machine's memory that a kernel's heap may take, and the least it gets, in MiB. */
const HEAP = { share: 0.5, leastMiB: 4096 };

/** Contents of a kernel.json. Source: jupyter-client, "Making kernels for Jupyter". */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "message" | "signal";
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The kernelspec of the Deno binary `deno` (absolute path). */
export function denoKernelspec(deno: string = Deno.execPath()): Kernelspec {
  const memoryMiB = Deno.systemMemoryInfo().total / 2 ** 20;
  const heapMiB = Math.max(HEAP.leastMiB, Math.floor(memoryMiB * HEAP.share));
  return {
    argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    // The default, a signal, kills Deno's kernel with all its variables (denoland/deno#24491).
    interrupt_mode: "message",
    env: {
      DENO_V8_FLAGS: `--max-old-space-size=${heapMiB}`,
      // As the notebook runner sets them: the same notebook gives the same bytes.
      LANG: "C.UTF-8",
      NO_COLOR: "1",
      TZ: "UTC",
    },
    metadata: { debugger: false },
  };
}

/**
 * Puts the Deno kernel, named `deno`, into the environment. Writes only when something has changed
 * (Deno may have moved since). Returns the path of the kernel.json.
 */
export async function installKernelspec(environment: JupyterEnvironment): Promise<string> {
  const path = join(environment.directory, "share", "jupyter", "kernels", "deno", "kernel.json");
  await writeIfChanged(path, `${JSON.stringify(denoKernelspec(), null, 2)}\n`);
  return path;
}
