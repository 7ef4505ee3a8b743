import { type Output, textOf } from "../notebook-format.ts";

type Shown = Extract<Output, { output_type: "display_data" | "execute_result" }>;

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/**
 * Turns the messages of a kernel into outputs of cells, as Jupyter's front ends do: pieces of one
 * stream are joined, `clear_output` empties the cell (with `wait`: when the next output comes),
 * `update_display_data` replaces every earlier display of that id, in whichever cell it stands.
 */
export class CellOutputs {
  /** Messages that could not be placed, in words. */
  readonly warnings: string[] = [];

  #outputs: Output[] = [];
  #displays = new Map<string, Shown[]>();
  #clearOnNext = false;

  /** From now on outputs go into `outputs`. */
  begin(outputs: Output[]): void {
    this.#outputs = outputs;
    this.#clearOnNext = false;
  }

  /** Takes one message of the output channel; errors and types that are no output are ignored. */
  take(type: string, content: Record<string, unknown>): void {
    switch (type) {
      case "stream":
        return this.#stream(content.name === "stderr" ? "stderr" : "stdout", String(content.text));
      case "display_data":
        return this.#show({ output_type: "display_data", ...this.#bundle(content) }, content);
      case "execute_result": {
        const execution_count = Number(content.execution_count);
        const bundle = this.#bundle(content);
        return this.#show({ output_type: "execute_result", execution_count, ...bundle }, content);
      }
      case "update_display_data":
        return this.#update(content);
      case "clear_output":
        this.#clearOnNext = content.wait === true;
        if (!this.#clearOnNext) this.#outputs.length = 0;
    }
  }

  #bundle(content: Record<string, unknown>): Pick<Shown, "data" | "metadata"> {
    return { data: record(content.data), metadata: record(content.metadata) };
  }

  #add(output: Output): void {
    if (this.#clearOnNext) this.#outputs.length = 0;
    this.#clearOnNext = false;
    this.#outputs.push(output);
  }

  #stream(name: "stdout" | "stderr", text: string): void {
    const last = this.#outputs.at(-1);
    if (!this.#clearOnNext && last?.output_type === "stream" && last.name === name) {
      last.text = textOf(last.text) + text;
    } else {
      this.#add({ output_type: "stream", name, text });
    }
  }

  #show(output: Shown, content: Record<string, unknown>): void {
    this.#add(output);
    const id = record(content.transient).display_id;
    if (typeof id !== "string") return;
    this.#displays.set(id, [...this.#displays.get(id) ?? [], output]);
  }

  #update(content: Record<string, unknown>): void {
    const bundle = this.#bundle(content);
    const id = String(record(content.transient).display_id);
    const displays = this.#displays.get(id);
    for (const display of displays ?? []) Object.assign(display, bundle);
    if (displays === undefined && Object.keys(bundle.data).length > 0) {
      this.warnings.push(`An update of display "${id}" came before any display of that id`);
    }
  }
}
