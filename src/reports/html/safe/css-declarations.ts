import { type Declaration, type DeclarationList, generate, parse } from "css-tree";
import { isSafeCssProperty, isSafeCssValue } from "./css-value.ts";

/** Whether a declaration sets an allowed property to an allowed value. */
export function isSafeDeclaration(declaration: Declaration): boolean {
  return isSafeCssProperty(declaration.property) && isSafeCssValue(declaration.value);
}

/** The allowed part of a `style` attribute; empty where nothing is allowed. */
export function safeCssDeclarations(text: string): string {
  const list = parse(text, {
    context: "declarationList",
    parseCustomProperty: true,
    onParseError: () => {},
  }) as DeclarationList;
  return list.children.toArray()
    .filter((node) => node.type === "Declaration" && isSafeDeclaration(node))
    .map((node) => generate(node))
    .join(";");
}
