import { type Output, textOf } from "../notebook-format.ts";

type Shown = Extract<Output, { output_type: "display_data" | "execute_result" }>;

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/** Characters of one output, and of all outputs of a cell, that are kept at most. */
export const MOST_OUTPUT = 8 * 2 ** 20;
export const MOST_CELL = 16 * 2 ** 20;
/** Outputs of a cell that are kept at most. */
export const MOST_OUTPUTS = 2000;

/** Characters of an output, as JSON has them, as far as it needs to be known. */
function sizeOf(output: Output): number {
  return output.output_type === "stream"
    ? textOf(output.text).length
    : JSON.stringify(output).length;
}

/** The first `most` characters of a text, none of them cut in two. */
function clipped(text: string, most: number): string {
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

const mebibytes = (characters: number) => `${(characters / 2 ** 20).toFixed(1)} MiB`;

/**
 * Turns the messages of a kernel into outputs of cells, as Jupyter's front ends do: pieces of one
 * stream are joined, `clear_output` empties the cell (with `wait`: when the next output comes),
 * `update_display_data` replaces every earlier display of that id, in whichever cell it stands.
 *
 * A cell that prints or shows more than {@link MOST_CELL} keeps its beginning, and a line that says how
 * much is left out; what is left out is not kept anywhere. A display is kept whole or not at all.
 */
export class CellOutputs {
  /** Messages that could not be placed, in words. */
  readonly warnings: string[] = [];

  #outputs: Output[] = [];
  #displays = new Map<string, Shown[]>();
  #clearOnNext = false;
  #name = "";
  /** Characters of the outputs of the cell at work. */
  #size = 0;
  #left = { characters: 0, outputs: 0 };
  /** The line that says what is left out; the last output, once there is one. */
  #notice: Extract<Output, { output_type: "stream" }> | null = null;

  /** From now on outputs go into `outputs`, those of the cell with this name. */
  begin(outputs: Output[], name = "a cell"): void {
    this.#outputs = outputs;
    this.#name = name;
    this.#clearOnNext = false;
    this.#reset();
  }

  #reset(): void {
    this.#size = 0;
    this.#left = { characters: 0, outputs: 0 };
    this.#notice = null;
  }

  /** Notes that something of the cell is left out. */
  #leaveOut(characters: number): void {
    this.#left.characters += characters;
    this.#left.outputs++;
    if (this.#notice === null) {
      this.#notice = { output_type: "stream", name: "stderr", text: "" };
      this.#outputs.push(this.#notice);
      this.warnings.push(
        `${this.#name} shows more than ${
          mebibytes(MOST_CELL)
        } or ${MOST_OUTPUTS} outputs, or one of ` +
          `more than ${mebibytes(MOST_OUTPUT)}: the rest is left out`,
      );
    }
    const { outputs, characters: all } = this.#left;
    this.#notice.text =
      `[${mebibytes(all)} in ${outputs} further outputs of this cell are left out: a ` +
      `cell keeps ${mebibytes(MOST_CELL)}, ${MOST_OUTPUTS} outputs, and one output ` +
      `${mebibytes(MOST_OUTPUT)}]\n`;
  }

  /** Whether so many characters more are kept. */
  #hasRoom(characters: number): boolean {
    return characters <= MOST_OUTPUT && this.#size + characters <= MOST_CELL;
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
        if (!this.#clearOnNext) this.#clear();
    }
  }

  #bundle(content: Record<string, unknown>): Pick<Shown, "data" | "metadata"> {
    return { data: record(content.data), metadata: record(content.metadata) };
  }

  #clear(): void {
    this.#outputs.length = 0;
    this.#reset();
  }

  /** Adds an output where there is room for it; false: it is left out. */
  #add(output: Output): boolean {
    if (this.#clearOnNext) this.#clear();
    this.#clearOnNext = false;
    const size = sizeOf(output);
    if (!this.#hasRoom(size) || this.#outputs.length >= MOST_OUTPUTS) {
      this.#leaveOut(size);
      return false;
    }
    this.#size += size;
    // What is left out stands last.
    if (this.#notice === null) this.#outputs.push(output);
    else this.#outputs.splice(this.#outputs.indexOf(this.#notice), 0, output);
    return true;
  }

  #stream(name: "stdout" | "stderr", text: string): void {
    const last = this.#outputs.at(this.#notice === null ? -1 : -2);
    const joins = !this.#clearOnNext && last?.output_type === "stream" && last.name === name;
    const before = joins ? textOf(last.text).length : 0;
    const room = this.#clearOnNext
      ? MOST_OUTPUT
      : Math.min(MOST_OUTPUT - before, MOST_CELL - this.#size);
    const kept = text.length <= room ? text : clipped(text, Math.max(0, room));
    if (joins) {
      // Joined in place: a long text grows by its pieces alone.
      last.text = textOf(last.text) + kept;
      this.#size += kept.length;
    } else if (kept !== "") this.#add({ output_type: "stream", name, text: kept });
    if (kept.length < text.length) this.#leaveOut(text.length - kept.length);
  }

  #show(output: Shown, content: Record<string, unknown>): void {
    if (!this.#add(output)) return;
    const id = record(content.transient).display_id;
    if (typeof id !== "string") return;
    this.#displays.set(id, [...this.#displays.get(id) ?? [], output]);
  }

  #update(content: Record<string, unknown>): void {
    const bundle = this.#bundle(content);
    const id = String(record(content.transient).display_id);
    const displays = this.#displays.get(id);
    const size = JSON.stringify(bundle).length;
    if (size > MOST_OUTPUT) return this.#leaveOut(size);
    for (const display of displays ?? []) Object.assign(display, bundle);
    if (displays === undefined && Object.keys(bundle.data).length > 0) {
      this.warnings.push(`An update of display "${id}" came before any display of that id`);
    }
  }
}
