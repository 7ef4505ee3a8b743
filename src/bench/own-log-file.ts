import { log } from "../math/log.ts";
import { substream } from "../random/substream.ts";

/** A request of a log of nobody's format. */
interface OwnRow {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly arrived: number;
  /** Milliseconds. */
  readonly firstToken: number;
  readonly latency: number;
  readonly user: string;
  readonly prompt: number;
  readonly output: number;
  readonly status: number;
}

/** 16 November 2025, milliseconds since 1970. */
const START = 1_763_250_000_000;
const USERS = 400;

function* ownRows(rows: number): Generator<OwnRow> {
  const random = substream(1, "bench/own-log-file");
  const draw = (mean: number) => Math.floor(-mean * log(1 - random.next()));
  let arrived = START;
  for (let row = 0; row < rows; row++) {
    arrived += draw(150);
    const failed = random.next() < 0.02;
    const output = failed ? 0 : 1 + draw(170);
    const firstToken = 40 + draw(60);
    yield {
      id: `req-${row.toString(36)}`,
      ...{ arrived, firstToken, output },
      latency: firstToken + 17 * output,
      user: `user-${Math.floor(USERS * random.next() ** 2)}`,
      prompt: 1 + draw(600),
      status: failed ? 500 : 200,
    };
  }
}

/** How a row is written, and what stands before all rows. */
interface Writing {
  readonly head: string;
  line(row: OwnRow): string;
}

const CSV: Writing = {
  head: "ts_ms,request_id,user,prompt_tok,completion_tok,ttft_ms,latency_ms,http_code,region\n",
  line: ({ arrived, id, user, prompt, output, firstToken, latency, status }) =>
    `${arrived},${id},${user},${prompt},${output},${firstToken},${latency},${status},eu-west\n`,
};

const JSON_LINES: Writing = {
  head: "",
  line: ({ arrived, id, user, prompt, output, firstToken, latency, status }) =>
    `{"ts_ms": ${arrived}, "request_id": "${id}", "user": "${user}", "usage": {"prompt_tokens": ` +
    `${prompt}, "completion_tokens": ${output}}, "ttft_ms": ${firstToken}, "latency_ms": ` +
    `${latency}, "http_code": ${status}, "region": "eu-west"}\n`,
};

/** The maps of {@link ownLogFile}, by what it is written in. */
export const OWN_LOG_MAPS = {
  csv: "arrival=ts_ms:ms,prompt=prompt_tok,output=completion_tok,tenant=user,ttft=ttft_ms:ms," +
    "e2e=latency_ms:ms,status=http_code",
  jsonl: "arrival=ts_ms:ms,prompt=usage.prompt_tokens,output=usage.completion_tokens,tenant=user," +
    "ttft=ttft_ms:ms,e2e=latency_ms:ms,status=http_code",
} as const;

/** Bytes of a log with names of its own, in chunks of about a megabyte. Same size, same bytes. */
export function* ownLogFile(rows: number, as: keyof typeof OWN_LOG_MAPS): Generator<Uint8Array> {
  const { head, line } = as === "csv" ? CSV : JSON_LINES;
  const encoder = new TextEncoder();
  let text = head;
  for (const row of ownRows(rows)) {
    text += line(row);
    if (text.length > 1e6) {
      yield encoder.encode(text);
      text = "";
    }
  }
  yield encoder.encode(text);
}
