import { InputError } from "../../../errors/input-error.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text of a line from its bytes; throws an InputError that names the row for what is no UTF-8. */
export function decodeLine(
  bytes: Uint8Array,
  { file, row }: { file: string; row: number },
): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new InputError({ file, row, expected: "text in UTF-8; some bytes are not valid UTF-8" });
  }
}
