import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { ApiError, badRequest } from "../api/api-error.ts";

/** Bytes of a body at most: a million token ids, with room. Larger ones are refused unread. */
export const MOST_BODY_BYTES = 8 * 2 ** 20;
/** Seconds in which a body has to come. */
const BODY_SECONDS = 60;

/**
 * The JSON body of a request; throws an ApiError as vLLM words it. Its type and its length are looked at
 * before anything of it is kept; nothing more is read of one that is refused.
 */
export async function readJson(
  request: IncomingMessage,
  { seconds = BODY_SECONDS }: { readonly seconds?: number } = {},
): Promise<unknown> {
  const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "application/json") {
    throw badRequest(["Unsupported Media Type: Only 'application/json' is allowed"]);
  }
  if (Number(request.headers["content-length"] ?? 0) > MOST_BODY_BYTES) throw tooLarge();
  const body = await bodyOf(request, seconds);
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    const { message } = error as Error;
    const [, at = "0"] = /position (\d+)/.exec(message) ?? [];
    throw badRequest(
      [`{'loc': 'body.${at}', 'msg': 'JSON decode error: ${message}'}`],
      `body.${at}`,
    );
  }
}

function bodyOf(request: IncomingMessage, seconds: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const timer = setTimeout(() => {
      fail(new ApiError(408, "BadRequestError", `No whole body came within ${seconds} s.`));
    }, 1000 * seconds);
    const fail = (error: Error) => {
      clearTimeout(timer);
      request.removeAllListeners("data");
      request.pause();
      reject(error);
    };
    request.on("data", (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > MOST_BODY_BYTES) fail(tooLarge());
      else chunks.push(chunk);
    });
    request.on("end", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
    request.on("error", fail);
    request.on("close", () => {
      if (!request.complete) fail(new ApiError(400, "BadRequestError", "The body was cut off."));
    });
  });
}

function tooLarge(): ApiError {
  const most = `${MOST_BODY_BYTES / 2 ** 20} MiB`;
  return new ApiError(413, "BadRequestError", `The twin takes bodies of at most ${most}.`);
}
