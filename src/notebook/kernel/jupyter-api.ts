/** The part of `Deno.jupyter` that is used here. */
export interface JupyterApi {
  display(
    content: Record<string, string>,
    options: { raw: true; update: boolean; display_id: string },
  ): Promise<void>;
}

/** `Deno.jupyter` inside the kernel, null elsewhere: outside, even looking at it throws. */
export function jupyterApi(): JupyterApi | null {
  try {
    return (globalThis as unknown as { Deno: { jupyter: JupyterApi } }).Deno.jupyter ?? null;
  } catch {
    return null;
  }
}
