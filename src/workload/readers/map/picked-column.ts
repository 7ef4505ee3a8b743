import { Float64Builder, Int32Builder, LabelBuilder } from "../parsing/builders.ts";
import { isBlank } from "../parsing/blank.ts";
import type { Labels } from "../../workload.ts";
import type { PlannedSource } from "./map-plan.ts";
import { type NumberUnit, PER_SECOND } from "./units.ts";

/** Names of a text column by code, see `CsvReader.names`. */
export type NamesOf = (slot: number) => readonly string[];

/** Counts of a target: of several columns the first that says something, -1 where none does. */
export class PickedCounts {
  readonly #slots: readonly number[];
  readonly #column = new Int32Builder();
  /** Whether any row says something. */
  any = false;

  constructor(sources: readonly PlannedSource[]) {
    this.#slots = sources.map(({ slot }) => slot);
  }

  push(values: Float64Array): void {
    for (const slot of this.#slots) {
      const value = values[slot];
      if (Number.isNaN(value)) continue;
      this.any = true;
      return this.#column.push(value);
    }
    this.#column.push(-1);
  }

  finish(): Int32Array {
    return this.#column.finish();
  }
}

/** Durations of a target in seconds, NaN where no column says one. */
export class PickedDurations {
  readonly #sources: readonly { readonly slot: number; readonly perSecond: number }[];
  readonly #column = new Float64Builder();
  any = false;

  constructor(sources: readonly PlannedSource[]) {
    this.#sources = sources.map(({ slot, unit }) => ({
      slot,
      perSecond: PER_SECOND[unit as NumberUnit],
    }));
  }

  push(values: Float64Array): void {
    for (const { slot, perSecond } of this.#sources) {
      const value = values[slot];
      if (Number.isNaN(value)) continue;
      this.any = true;
      return this.#column.push(value / perSecond);
    }
    this.#column.push(NaN);
  }

  finish(): Float64Array {
    return this.#column.finish();
  }
}

/** Whether the names of a text column say something, by code. */
export class SaidNames {
  readonly #said: boolean[] = [];

  constructor(private readonly slot: number, private readonly names: NamesOf) {}

  /** Whether the value of a row is a name. */
  has(code: number): boolean {
    // Codes of an empty text are -1. NA is a name: North America, say.
    return code >= 0 && (this.#said[code] ??= this.#isName(this.names(this.slot)[code]));
  }

  #isName(name: string): boolean {
    return !isBlank(name) || name === "NA";
  }
}

/** Names of a target: of several columns the first that says something. */
export class PickedLabels {
  readonly #sources: readonly { readonly slot: number; readonly said: SaidNames }[];
  readonly #names: NamesOf;
  readonly #none: string;
  readonly #column = new LabelBuilder();
  any = false;

  /** @param none what a row without a name is called */
  constructor(sources: readonly PlannedSource[], names: NamesOf, none: string) {
    this.#sources = sources.map(({ slot }) => ({ slot, said: new SaidNames(slot, names) }));
    this.#names = names;
    this.#none = none;
  }

  push(values: Float64Array): void {
    for (const { slot, said } of this.#sources) {
      const code = values[slot];
      if (!said.has(code)) continue;
      this.any = true;
      const names = this.#names(slot);
      // Codes are of one dictionary only where there is one column.
      return this.#sources.length === 1
        ? this.#column.pushCode(code, names)
        : this.#column.push(names[code]);
    }
    this.#column.push(this.#none);
  }

  finish(): Labels {
    return this.#column.finish();
  }
}
