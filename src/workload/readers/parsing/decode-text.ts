import { InputError } from "../../../errors/input-error.ts";

/**
 * Text of a file: UTF-8 without byte order marks, all line ends as `\n`. Throws an
 * InputError for bytes that are no UTF-8.
 *
 * @param source path or name of the file, for errors
 */
export function decodeText(input: Uint8Array | string, source: string): string {
  const marked = typeof input === "string" ? input : decode(input, source);
  // Tools that add a mark to a text that has one leave two.
  const text = marked.replace(/^\ufeff+/, "");
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

function decode(bytes: Uint8Array, source: string): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new InputError({ file: source, expected: "text: this is gzip, unpack it first" });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError({
      file: source,
      expected: "text in UTF-8; some bytes are not valid UTF-8",
    });
  }
}
