import { InputError } from "../../errors/input-error.ts";
import { DISPLAY } from "../../figures/display.ts";
import { notebook } from "../notebook.ts";
import { closeNames } from "../../errors/close-names.ts";
import { describe } from "./description.ts";
import { publicNames } from "./public-names.ts";
import { helpMarkdown, helpText } from "./render.ts";

/** What {@link help} found: Markdown at the end of a cell, text when printed. */
export interface Help {
  /** As text for a terminal. */
  readonly text: string;
  /** As Markdown. */
  readonly markdown: string;
  toString(): string;
  [DISPLAY](): { readonly "text/markdown": string; readonly "text/plain": string };
}

function helpOf(markdown: string, text: string): Help {
  return {
    text,
    markdown,
    toString: () => text,
    [DISPLAY]: () => ({ "text/markdown": markdown, "text/plain": text }),
    // What console.log prints of it.
    [Symbol.for("Deno.customInspect")]: () => text,
  } as Help;
}

/** The names that are values, and so can be called or passed on. */
function listOfNames(): Help {
  const names = publicNames()
    .filter(({ declarations }) =>
      declarations.some(({ kind }) => !["interface", "typeAlias"].includes(kind))
    )
    .map(({ name }) => name);
  const intro = 'help("simulate") says what one of these does and takes:';
  return helpOf(
    `\`${intro.slice(0, 16)}\`${intro.slice(16)}\n\n${
      names.map((name) => `\`${name}\``).join(", ")
    }`,
    `${intro}\n${names.join(", ")}`,
  );
}

/**
 * Shows what a name of this library does: its signature, its text, its options with their defaults, an
 * example. Read from the source itself by `deno doc`, without network, so it is never out of date.
 * Markdown at the end of a cell, text where it is printed. Without a name it lists all.
 *
 * @param name a name as it is used behind `ds.`, `"simulate"` or `"house.figure"`, or a function
 * itself; an `InputError` lists close names where there is none of that name
 * @example
 * help("simulate");
 */
export function help(name?: string | ((...args: never[]) => unknown)): Help {
  notebook();
  if (name === undefined) return listOfNames();
  const wanted = typeof name === "function" ? name.name : String(name).replace(/^ds\./, "");
  const names = publicNames();
  const found = names.find((each) => each.name === wanted) ?? onlyOne(wanted);
  if (found !== undefined) {
    const description = describe(found);
    return helpOf(helpMarkdown(description), helpText(description));
  }
  const close = closeNames(wanted, names.map((each) => each.name));
  throw new InputError({
    file: "help",
    field: "name",
    value: wanted,
    expected: close.length > 0
      ? `a name of this library, perhaps ${close.join(", ")}`
      : "a name of this library; help() lists them",
  });
}

/** A name inside a namespace may be given without it where no other has that name. */
function onlyOne(wanted: string) {
  const found = publicNames().filter(({ name }) => name.endsWith(`.${wanted}`));
  return found.length === 1 ? found[0] : undefined;
}
