import { listedNames } from "./listed-names.ts";
import { Uint8Builder } from "../parsing/builders.ts";
import type { RowProblem } from "../parsing/row-verdict.ts";
import type { PlannedSource } from "./map-plan.ts";
import { type NamesOf, SaidNames } from "./picked-column.ts";
import { quotedName } from "./quoted.ts";
import { KNOWN_STATUSES, type Outcome, outcomeOf } from "./status-words.ts";

/** Outcomes by the code that a row has. */
export const OUTCOMES = ["answered", "failed", "rejected", "cancelled"] as const;

/** Words that the assumptions list of each outcome. */
const LISTED = 8;

/** How each request ended, by the words of the log. */
export class StatusColumn {
  readonly #sources: readonly (PlannedSource & {
    readonly said: SaidNames;
    /** Of the words by their code. */
    readonly outcomes: (Outcome | null)[];
  })[];
  readonly #names: NamesOf;
  readonly #column = new Uint8Builder();
  readonly #words = new Map<Outcome, Set<string>>();
  #unsaid = 0;

  constructor(sources: readonly PlannedSource[], names: NamesOf) {
    this.#sources = sources.map((source) => ({
      ...source,
      said: new SaidNames(source.slot, names),
      outcomes: [],
    }));
    this.#names = names;
  }

  /** Adds the status of a row, or says what is wrong with it. */
  push(values: Float64Array): RowProblem | undefined {
    for (const { column, slot, words, said, outcomes } of this.#sources) {
      const code = values[slot];
      if (!said.has(code)) continue;
      const outcome = outcomes[code] ??= this.#outcomeOf(this.#names(slot)[code], words);
      if (outcome !== null) return void this.#column.push(OUTCOMES.indexOf(outcome));
      const flag = `status=${quotedName(column)}:${this.#names(slot)[code]}`;
      const expected =
        `${KNOWN_STATUSES}, or the words that mean an answer in the map: ${flag} or such`;
      return { field: column, value: this.#names(slot)[code], expected };
    }
    this.#unsaid++;
    this.#column.push(0);
  }

  #outcomeOf(word: string, answered: readonly string[] | undefined): Outcome | null {
    const outcome = outcomeOf(word, answered) ?? null;
    if (outcome !== null) {
      this.#words.set(outcome, (this.#words.get(outcome) ?? new Set()).add(word));
    }
    return outcome;
  }

  finish(): Uint8Array {
    return this.#column.finish();
  }

  /** What the words were taken to mean. */
  get assumptions(): string[] {
    const meanings = OUTCOMES.flatMap((outcome) => {
      const words = [...this.#words.get(outcome) ?? []];
      const listed = listedNames(words, LISTED);
      return words.length === 0
        ? []
        : [`${listed} ${words.length === 1 ? "is" : "are"} ${outcome}`];
    });
    return [
      ...meanings.length > 0 ? [`status: ${meanings.join("; ")}`] : [],
      ...meanings.length > 0 && this.#unsaid > 0
        ? [`${this.#unsaid} rows without a status are taken as answered`]
        : [],
    ];
  }
}
