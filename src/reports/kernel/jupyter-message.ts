import { createHmac, timingSafeEqual } from "node:crypto";

/** Jupyter's message as far as a client needs it. Source: Jupyter messaging protocol 5.3. */
export interface JupyterMessage {
  readonly type: string;
  /** Id of this message. */
  readonly id: string;
  /** Id of the request that this message belongs to; absent in unsolicited messages. */
  readonly parentId?: string;
  readonly content: Record<string, unknown>;
}

const DELIMITER = "<IDS|MSG>";
const PROTOCOL_VERSION = "5.3";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function sign(key: string, parts: readonly Uint8Array[]): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/** Frames of a request, signed with the key of the connection file (HMAC-SHA256). */
export function encodeJupyterMessage(
  message: JupyterMessage,
  options: { readonly key: string; readonly session: string },
): Uint8Array[] {
  const header = {
    msg_id: message.id,
    msg_type: message.type,
    session: options.session,
    username: "driftsched",
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
  const parts = [header, {}, {}, message.content].map((part) =>
    encoder.encode(JSON.stringify(part))
  );
  return [encoder.encode(DELIMITER), encoder.encode(sign(options.key, parts)), ...parts];
}

function sameSignature(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(encoder.encode(a), encoder.encode(b));
}

/** The message in `frames`, or `null` where it is malformed or its signature is not ours. */
export function decodeJupyterMessage(
  frames: readonly Uint8Array[],
  key: string,
): JupyterMessage | null {
  const start = frames.findIndex((frame) =>
    frame.length === DELIMITER.length && decoder.decode(frame) === DELIMITER
  );
  if (start < 0 || frames.length < start + 6) return null;
  const parts = frames.slice(start + 2, start + 6);
  if (!sameSignature(decoder.decode(frames[start + 1]), sign(key, parts))) return null;
  const [header, parent, , content] = parts.map((part) => JSON.parse(decoder.decode(part)));
  return { type: header.msg_type, id: header.msg_id, parentId: parent.msg_id, content };
}
