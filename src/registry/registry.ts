import { InputError } from "../errors/input-error.ts";

/** What every member of a registry has. */
export interface Named {
  /** Name in options, tables and files; one member a name. */
  readonly name: string;
}

/** Members that were added to a registry of this thread: no worker has them. */
const ADDED = new Set<Named>();

/**
 * The member called `name` that somebody has added to a registry, of whatever kind; null: there is
 * none. What such a name means can be told in this thread only.
 */
export function addedMember(name: string): Named | null {
  for (const member of ADDED) if (member.name === name) return member;
  return null;
}

/**
 * Definitions of one kind by name, in the order of tables and figures. The members that a room ships
 * are given once; a caller may add more, which changes nothing for those that were there.
 *
 * @example
 * const remove = POLICIES.add({ ...POLICIES.named("fifo"), name: "my-fifo", title: "My FIFO" });
 * POLICIES.named("my-fifo").title; // "My FIFO"
 * remove();
 */
export class Registry<D extends Named> {
  readonly #members: D[];

  /** @param kind what its members are, in one or two words, for messages: `policy` */
  constructor(readonly kind: string, members: readonly D[]) {
    this.#members = [...members];
  }

  /** Every member, those that were added last. */
  get all(): readonly D[] {
    return this.#members;
  }

  /** The names of all members, in their order. */
  get names(): readonly string[] {
    return this.#members.map(({ name }) => name);
  }

  /** The member called `name`, if there is one. */
  get(name: string): D | undefined {
    return this.#members.find((member) => member.name === name);
  }

  /**
   * The member called `name`; an InputError that lists the known names otherwise.
   *
   * @param file what the name was read from, for the message
   * @param field the field that it was read from. @default the registry's kind
   */
  named(name: string, file = "parameters", field = this.kind): D {
    const found = this.get(name);
    if (found !== undefined) return found;
    const expected = `one of ${this.names.join(", ")}`;
    throw new InputError({ file, field, value: name, expected });
  }

  /**
   * Adds a member after the others; returns what takes it out again. Throws an InputError for a name
   * that is taken.
   */
  add(definition: D): () => void {
    const { name } = definition;
    if (this.get(name) !== undefined) {
      const expected = `a name that no other ${this.kind} has`;
      throw new InputError({ file: `${this.kind} to add`, field: "name", value: name, expected });
    }
    this.#members.push(definition);
    ADDED.add(definition);
    return () => {
      ADDED.delete(definition);
      const at = this.#members.indexOf(definition);
      if (at >= 0) this.#members.splice(at, 1);
    };
  }
}
