/** Most characters gathered before they become one string. */
const CHUNK = 1 << 16;

/**
 * A text of `rows` lines in pieces of some 64 KiB, made anew on each pass.
 *
 * @param line the text of a row, with its line end
 */
export function textChunks(rows: number, line: (row: number) => string): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      let text = "";
      for (let row = 0; row < rows; row++) {
        text += line(row);
        if (text.length < CHUNK) continue;
        yield text;
        text = "";
      }
      yield text;
    },
  };
}
