/** One answer as it came over the wire. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came over a connection, taken apart. */
export interface HttpAnswers {
  readonly answers: readonly HttpAnswer[];
  /** What does not follow the rules of HTTP/1.1, in words; null: all does. */
  readonly wrong: string | null;
  /** Whether the last answer is not whole yet. */
  readonly open: boolean;
}

const HEAD = /^HTTP\/1\.[01] (\d{3}) [^\r\n]*\r\n((?:[!#$%&'*+.^_`|~\w-]+:[^\r\n]*\r\n)*)\r\n/;

/**
 * Takes the bytes that a server sent apart into answers, by the rules of HTTP/1.1 alone: a reading of
 * our own, so that a fault of the platform's parser is not taken for right.
 *
 * @param text one character a byte
 */
export function answersOf(text: string): HttpAnswers {
  const answers: HttpAnswer[] = [];
  let left = text;
  while (left !== "") {
    const found = HEAD.exec(left);
    if (found === null) {
      const begun = left.includes("\r\n\r\n") || !"HTTP/1.1 ".startsWith(left.slice(0, 9));
      return { answers, wrong: begun ? `no answer: ${left.slice(0, 80)}` : null, open: !begun };
    }
    const status = Number(found[1]);
    const headers = Object.fromEntries(
      found[2].split("\r\n").filter((line) => line !== "").map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    left = left.slice(found[0].length);
    if (status < 200) continue;
    const body = bodyOf(left, headers, status);
    if (body === null) return { answers, wrong: null, open: true };
    if ("wrong" in body) return { answers, wrong: body.wrong, open: false };
    answers.push({ status, headers, body: body.text });
    left = body.left;
  }
  return { answers, wrong: null, open: false };
}

/** The body of an answer and what comes behind it; null: it is not whole yet. */
function bodyOf(
  text: string,
  headers: Readonly<Record<string, string>>,
  status: number,
): { readonly text: string; readonly left: string } | { readonly wrong: string } | null {
  if (status === 204 || status === 304) return { text: "", left: text };
  if (headers["transfer-encoding"] === "chunked") {
    let body = "";
    for (let at = 0;;) {
      const size = /^([0-9a-f]+)\r\n/i.exec(text.slice(at, at + 20));
      if (size === null) {
        return text.length - at < 20 && /^[0-9a-f]*\r?$/i.test(text.slice(at))
          ? null
          : { wrong: `a chunk without its size: ${text.slice(at, at + 20)}` };
      }
      at += size[0].length;
      const length = parseInt(size[1], 16);
      if (text.length < at + length + 2) return null;
      body += text.slice(at, at + length);
      if (text.slice(at + length, at + length + 2) !== "\r\n") {
        return { wrong: "a chunk that is not as long as it says" };
      }
      at += length + 2;
      if (length === 0) return { text: body, left: text.slice(at) };
    }
  }
  const stated = headers["content-length"];
  if (stated === undefined) return { text, left: "" };
  const length = Number(stated);
  if (text.length < length) return null;
  return { text: text.slice(0, length), left: text.slice(length) };
}
