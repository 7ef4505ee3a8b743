import {
  declarationOf,
  type DocSymbol,
  documented,
  isExported,
  type NamedDeclaration,
} from "./deno-doc.ts";

/** A name that notebooks can use, `simulate` or `house.figure`, and what it stands for. */
export interface PublicName {
  readonly name: string;
  readonly declarations: readonly NamedDeclaration[];
}

/** What notebooks import as `driftsched`. */
const ENTRY = new URL("../../mod.ts", import.meta.url).href;

function namesOf(symbols: readonly DocSymbol[], prefix = ""): PublicName[] {
  return symbols.flatMap((symbol): PublicName[] => {
    const declarations = symbol.declarations.filter(isExported)
      .map((declaration) => declarationOf(symbol.name, declaration));
    if (declarations.length === 0) return [];
    const name = `${prefix}${symbol.name}`;
    const inside = declarations.flatMap(({ kind, def }) =>
      kind === "namespace" ? def?.elements ?? [] : []
    );
    return [{ name, declarations }, ...namesOf(inside, `${name}.`)];
  });
}

let all: readonly PublicName[] | undefined;

/** Every name that notebooks can use. */
export function publicNames(): readonly PublicName[] {
  return all ??= namesOf(documented(ENTRY));
}
