import type http from "node:http";

/**
 * Bytes that may come over a connection beside those of the body: headers, and the frames of chunks,
 * which are longer than the shortest chunks. A sender who goes beyond it sends extensions of chunks or
 * interim answers without end, of which the parser tells nobody.
 */
const MOST_FRAMING = 4 * 2 ** 20;
const FRAMING_SHARE = 16;
/** Milliseconds between two looks at what came. */
const LOOK_MS = 200;

const watched = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/**
 * Looks now and then whether more came over a call's connection than the body and its frames, with one
 * timer for all calls. Returns what ends the watch.
 *
 * @param bodyBytes bytes of the body until now
 * @param onExcess is told how many bytes were no part of the body
 */
export function watchFraming(
  sent: http.ClientRequest,
  bodyBytes: () => number,
  onExcess: (bytes: number) => void,
): () => void {
  let before = NaN;
  const look = () => {
    const { socket } = sent;
    if (socket === null || socket === undefined) return;
    // A connection that is used again had read what came before this call.
    if (Number.isNaN(before)) before = startOf.get(socket) ?? 0;
    const beside = socket.bytesRead - before - bodyBytes();
    if (beside > MOST_FRAMING + FRAMING_SHARE * bodyBytes()) onExcess(beside);
  };
  sent.on("socket", (socket) => startOf.set(socket, socket.bytesRead));
  watched.add(look);
  timer ??= setInterval(() => watched.forEach((each) => each()), LOOK_MS);
  return () => {
    watched.delete(look);
    if (watched.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** Bytes that a connection had read when its present call began. */
const startOf = new WeakMap<object, number>();
