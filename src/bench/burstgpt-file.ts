import { log } from "../math/log.ts";
import { type Random, substream } from "../random/substream.ts";

/** Rows of the three files of BurstGPT as published. */
export const BURSTGPT_ROWS = 10_310_000;

const HEADER = "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens," +
  "Total tokens,Log Type\n";
/** Share of rows of each kind. Source: notes on the traces, whole-file facts of BurstGPT_3. */
const GPT_4 = 0.148;
const CONVERSATION = 0.0437;
const FAILED = 0.0726;
/** Rows of a conversation. */
const TURNS = 2.9;

/**
 * Bytes of a file with the columns, the shares and about the lengths of BurstGPT_3, in chunks of about
 * a megabyte. Same size, same bytes.
 */
export function* burstGptFile(rows: number): Generator<Uint8Array> {
  const random = substream(1, "bench/burstgpt-file");
  const encoder = new TextEncoder();
  let text = HEADER;
  let time = 19_440_110;
  let session = newSession(random);
  for (let row = 0; row < rows; row++) {
    time += Math.floor(-2 * log(1 - random.next()));
    const conversation = random.next() < CONVERSATION;
    if (conversation && random.next() < 1 / TURNS) session = newSession(random);
    const model = random.next() < GPT_4 ? "GPT-4" : "ChatGPT";
    const failed = random.next() < FAILED;
    const prompt = failed ? 0 : 1 + Math.floor(-600 * log(1 - random.next()));
    const answer = failed ? 0 : 1 + Math.floor(-170 * log(1 - random.next()));
    text += `${time}.0,${conversation ? session : ""},${failed ? 0 : 1 + answer % 40},${model},` +
      `${prompt},${answer},${prompt + answer},${conversation ? "Conversation log" : "API log"}\n`;
    if (text.length > 1e6) {
      yield encoder.encode(text);
      text = "";
    }
  }
  yield encoder.encode(text);
}

/** Looks like a UUID. */
function newSession(random: Random): string {
  const hex = (digits: number) =>
    Math.floor(random.next() * 16 ** digits).toString(16).padStart(digits, "0");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}
