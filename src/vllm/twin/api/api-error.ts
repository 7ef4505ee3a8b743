/** An answer that is no success, in the shape of vLLM 0.30 (reference §2.5). */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly param: string | null = null,
  ) {
    super(message);
  }

  /** What stands in the body, and in the stream where the status is 200 already. */
  get body(): Readonly<Record<string, unknown>> {
    const { message, type, param, status: code } = this;
    return { error: { message, type, param, code } };
  }
}

/** A body that does not fit the schema, or fields that don't go together. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, "Bad Request", message);
}

/**
 * A value that the model or the engine can't take.
 * @param at the field and its value, where one is to blame; the message names both, as vLLM's does
 */
export function badValue(message: string, at?: readonly [field: string, value: unknown]): ApiError {
  const [field, value] = at ?? [null];
  const more = at === undefined ? "" : ` (parameter=${field}, value=${value})`;
  return new ApiError(400, "BadRequestError", message + more, field);
}

export function unknownModel(model: string): ApiError {
  return new ApiError(404, "NotFoundError", `The model \`${model}\` does not exist.`, "model");
}

export function unknownRoute(): ApiError {
  return new ApiError(404, "Not Found", "Not Found");
}

export function wrongMethod(): ApiError {
  return new ApiError(405, "Method Not Allowed", "Method Not Allowed");
}

export function notImplemented(message: string): ApiError {
  return new ApiError(501, "NotImplementedError", message);
}
