import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { badRequest } from "../api/api-error.ts";

/** The JSON body of a request; throws an ApiError as vLLM words it. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "application/json") {
    throw badRequest(["Unsupported Media Type: Only 'application/json' is allowed"]);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    const { message } = error as Error;
    const [, at = "0"] = /position (\d+)/.exec(message) ?? [];
    throw badRequest(
      [`{'loc': 'body.${at}', 'msg': 'JSON decode error: ${message}'}`],
      `body.${at}`,
    );
  }
}
