import { concatenated } from "../../../collections/concatenated.ts";
import { InputError } from "../../../errors/input-error.ts";
import { decodeText } from "./decode-text.ts";
import type { ReadLog } from "../read-log.ts";
import type { ReadTrace, TraceReader } from "../trace-format.ts";

/** Bytes of a document that is read as a whole, at most: about what a string can hold. */
export const MOST_DOCUMENT = 500e6;

/**
 * A reader of documents that make sense as a whole, such as JSON or YAML: `read` gets the text (see
 * `decodeText`) when all of it is there. Throws an InputError above 500 MB.
 */
export function wholeReader(log: ReadLog, read: (text: string) => ReadTrace): TraceReader {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    push(bytes) {
      size += bytes.length;
      if (size > MOST_DOCUMENT) {
        throw new InputError({ file: log.source, expected: `at most ${MOST_DOCUMENT} bytes` });
      }
      chunks.push(bytes.slice());
    },
    end() {
      const bytes = concatenated(chunks);
      chunks.length = 0;
      return read(decodeText(bytes, log.source));
    },
  };
}
