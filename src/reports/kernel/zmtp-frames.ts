/**
 * Frames of ZMTP 3.0, the wire protocol under Jupyter's channels: NULL mechanism, no commands after
 * the handshake. Source: https://rfc.zeromq.org/spec/23.
 */

const MORE = 0x01;
const LONG = 0x02;
const COMMAND = 0x04;
const SHORT_LIMIT = 255;

const encoder = new TextEncoder();

/** One frame as it travels: flags, size (1 byte, or 8 bytes big-endian), body. */
function encodeFrame(body: Uint8Array, flags: number): Uint8Array {
  if (body.length <= SHORT_LIMIT) return new Uint8Array([flags, body.length, ...body]);
  const bytes = new Uint8Array(9 + body.length);
  bytes[0] = flags | LONG;
  new DataView(bytes.buffer).setBigUint64(1, BigInt(body.length));
  bytes.set(body, 9);
  return bytes;
}

/** A whole message as one buffer, so that it leaves in one write. */
export function encodeMessage(frames: readonly Uint8Array[]): Uint8Array {
  const encoded = frames.map((frame, i) => encodeFrame(frame, i < frames.length - 1 ? MORE : 0));
  const bytes = new Uint8Array(encoded.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of encoded) {
    bytes.set(frame, at);
    at += frame.length;
  }
  return bytes;
}

/** The 64-byte greeting of a peer that speaks version 3.0 without encryption. */
export function greeting(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]);
  bytes.set(encoder.encode("NULL"), 12);
  return bytes;
}

/** The READY command that ends the handshake and names the type of the socket. */
export function readyCommand(socketType: string): Uint8Array {
  const text = (value: string) => [...encoder.encode(value)];
  const value = text(socketType);
  const property = [11, ...text("Socket-Type"), 0, 0, 0, value.length, ...value];
  return encodeFrame(new Uint8Array([5, ...text("READY"), ...property]), COMMAND);
}

export interface Frame {
  readonly body: Uint8Array;
  /** Whether further frames of the same message follow. */
  readonly more: boolean;
  readonly command: boolean;
}

/** Reads frames from a byte stream; throws when the stream ends. */
export class FrameReader {
  #source: { read(buffer: Uint8Array): Promise<number | null> };
  #chunk = new Uint8Array(65_536);
  #from = 0;
  #to = 0;

  constructor(source: { read(buffer: Uint8Array): Promise<number | null> }) {
    this.#source = source;
  }

  /** The next `count` bytes. */
  async bytes(count: number): Promise<Uint8Array> {
    const result = new Uint8Array(count);
    let filled = Math.min(count, this.#to - this.#from);
    result.set(this.#chunk.subarray(this.#from, this.#from + filled));
    this.#from += filled;
    while (filled < count) {
      const missing = count - filled;
      const direct = missing >= this.#chunk.length;
      const got = await this.#source.read(direct ? result.subarray(filled) : this.#chunk);
      if (got === null) throw new Error("The peer closed the connection");
      if (direct) {
        filled += got;
        continue;
      }
      const taken = Math.min(missing, got);
      result.set(this.#chunk.subarray(0, taken), filled);
      filled += taken;
      this.#from = taken;
      this.#to = got;
    }
    return result;
  }

  async frame(): Promise<Frame> {
    const [flags] = await this.bytes(1);
    const long = (flags & LONG) !== 0;
    const size = await this.bytes(long ? 8 : 1);
    const length = long ? Number(new DataView(size.buffer).getBigUint64(0)) : size[0];
    return {
      body: await this.bytes(length),
      more: (flags & MORE) !== 0,
      command: (flags & COMMAND) !== 0,
    };
  }
}
