import type { Description, FieldGroup } from "./description.ts";
import type { Field } from "./fields.ts";

/** `{@link simulate}` becomes `simulate`, as code. */
const linked = (text: string) => text.replace(/\{@link\s+([^}]+?)\s*\}/g, "`$1`");
const oneLine = (text: string) => linked(text).replace(/\s+/g, " ").trim();

/** Code in one line of Markdown, whatever it holds. */
function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return text === "" ? "" : fence === "`" ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}

function fieldLines(
  fields: readonly Field[],
  line: (field: Field) => string,
  indent = "",
): string[] {
  return fields.flatMap((field) => [
    `${indent}${line(field)}`,
    ...fieldLines(field.fields, line, `${indent}    `),
  ]);
}

/** Only TypeScript says by a `?` that an option may be left out; in a schema a default says it. */
const mark = ({ optional, default: fallback }: Field) =>
  optional && fallback === undefined ? "?" : "";

function markdownField(field: Field): string {
  const { name, type, default: fallback, doc, fields } = field;
  const parts = [
    `- ${code(`${name}${mark(field)}`)}`,
    fields.length > 0 || type === "" ? "" : `: ${code(type)}`,
    fallback === undefined ? "" : `, default ${code(fallback)}`,
    doc === "" ? "" : `. ${oneLine(doc)}`,
  ];
  return parts.join("");
}

function textField(field: Field): string {
  const { name, type, default: fallback, doc, fields } = field;
  const head = `${name}${mark(field)}${fields.length > 0 || type === "" ? "" : `: ${type}`}`;
  const note = [
    fallback === undefined ? "" : `[default ${fallback}]`,
    plain(oneLine(doc)),
  ].filter((part) => part !== "").join(" ");
  return note === "" ? head : `${head}  ${note}`;
}

/** Markdown without the marks of code, for a terminal. */
const plain = (text: string) => text.replaceAll("`", "");

/** Blocks with an empty line between them. */
const blocks = (parts: readonly (string | readonly string[])[]) =>
  parts.flat().filter((part) => part !== "").join("\n\n");

/** What help says, as Markdown for a notebook. */
export function helpMarkdown(description: Description): string {
  const { signature, doc, params, groups, returns, throws, examples, source } = description;
  const group = ({ title, fields }: FieldGroup) =>
    `**${title}**\n\n${fieldLines(fields, markdownField).join("\n")}`;
  return blocks([
    `\`\`\`ts\n${signature}\n\`\`\``,
    linked(doc),
    params.map(({ name, doc }) => `- ${code(name)}: ${oneLine(doc)}`).join("\n"),
    groups.map(group),
    returns === "" ? "" : `Returns ${oneLine(returns)}`,
    throws.map((error) => `Throws ${oneLine(error)}`),
    examples.map((example) => `**Example**\n\n\`\`\`ts\n${example}\n\`\`\``),
    code(source),
  ]);
}

/** What help says, as text for a terminal. */
export function helpText(description: Description): string {
  const { signature, doc, params, groups, returns, throws, examples, source } = description;
  const group = ({ title, fields }: FieldGroup) =>
    [`${title}:`, ...fieldLines(fields, textField, "  ")].join("\n");
  return blocks([
    signature,
    plain(linked(doc)),
    params.map(({ name, doc }) => `  ${name}: ${plain(oneLine(doc))}`).join("\n"),
    groups.map(group),
    returns === "" ? "" : `Returns ${plain(oneLine(returns))}`,
    throws.map((error) => `Throws ${plain(oneLine(error))}`),
    examples.map((example) => `Example:\n${example.replace(/^/gm, "  ")}`),
    source,
  ]);
}
