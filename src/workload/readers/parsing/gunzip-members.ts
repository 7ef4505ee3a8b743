import {
  Z_BUF_ERROR,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
  ZStream,
} from "pako";
import type { ByteSource } from "./byte-source.ts";

/** zlib's word for gzip alone, with the largest window. */
const GZIP = 16 + 15;
/** Bytes that are unpacked before they are handed on. */
const ROOM = 2 ** 17;

/**
 * Unpacks gzip of one or several members, as `cat a.gz b.gz` and bgzip write it, up to 128 KiB at a
 * time. The length and the CRC-32 of each member are checked. Zeros behind the last member are left
 * out, as gzip does it: tapes and disks are filled up with them.
 *
 * Throws an InputError for what is damaged, cut off, or followed by anything else.
 */
export async function* gunzipMembers(input: ByteSource): AsyncGenerator<Uint8Array> {
  const stream = new ZStream();
  zlibInflateInit2(stream, GZIP);
  let members = 0;
  let padded = false;
  let handedOn = 0;
  const unpackedMore = () => {
    const more = stream.output.subarray(handedOn, stream.next_out);
    handedOn = stream.next_out;
    return more;
  };
  for (let chunk = await input.takeChunk(); chunk; chunk = await input.takeChunk()) {
    stream.input = chunk;
    stream.next_in = 0;
    stream.avail_in = chunk.length;
    // Behind a full output more may wait, though all of the input was taken.
    for (let full = false; full || stream.avail_in > 0;) {
      if (members > 0 && stream.total_in === 0) {
        if (chunk[stream.next_in] === 0) {
          padded = true;
          stream.next_in++;
          stream.avail_in--;
          continue;
        }
        if (padded) throw moreFollows(input);
      }
      if (stream.avail_out === 0) {
        stream.output = new Uint8Array(ROOM);
        stream.avail_out = ROOM;
        stream.next_out = handedOn = 0;
      }
      const status = zlibInflate(stream, Z_NO_FLUSH);
      full = stream.avail_out === 0 && status !== Z_STREAM_END;
      if (status === Z_STREAM_END) {
        members++;
        zlibInflateReset(stream);
      } else if (status !== Z_OK && status !== Z_BUF_ERROR) {
        // What does not begin like a member is none.
        if (members > 0 && stream.total_in <= 2) throw moreFollows(input);
        const place = `member ${members + 1}, near byte ${input.taken - stream.avail_in}`;
        throw input.error(`whole, intact gzip: ${stream.msg} in ${place}`);
      }
      if (stream.avail_out === 0) yield unpackedMore();
    }
    if (stream.next_out > handedOn) yield unpackedMore();
  }
  if (members === 0 || stream.total_in > 0) {
    throw input.error(`whole, intact gzip: it is cut off after ${input.taken} bytes`);
  }
}

function moreFollows(input: ByteSource) {
  return input.error("gzip and nothing else: more follows its end");
}
