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

/** What the framework answers before vLLM sees a request: no such route, no such method. */
export class RouteError extends ApiError {
  override get body(): Readonly<Record<string, unknown>> {
    return { detail: this.message };
  }
}

/**
 * A body that does not fit the schema.
 * @param problems one a line
 * @param at path of the first within the body; null: none is to blame
 */
export function badRequest(problems: readonly string[], at: string | null = null): ApiError {
  const count = `${problems.length} validation error${problems.length === 1 ? "" : "s"}`;
  const lines = problems.map((problem) => `\n  ${problem}`).join("");
  return new ApiError(400, "Bad Request", `${count}:${lines}`, at);
}

/**
 * A value that the model or the engine can't take.
 * @param at the field to blame, and its value, where vLLM names them; its message then does, too
 */
export function badValue(
  message: string,
  at?: readonly [field: string, value?: number | string],
): ApiError {
  if (at === undefined) return new ApiError(400, "BadRequestError", message);
  const [field, value] = at;
  const named = value === undefined ? field : `${field}, value=${value}`;
  return new ApiError(400, "BadRequestError", `${message} (parameter=${named})`, field);
}

export function unknownModel(model: string): ApiError {
  return new ApiError(404, "NotFoundError", `The model \`${model}\` does not exist.`, "model");
}

export function unknownRoute(): ApiError {
  return new RouteError(404, "Not Found", "Not Found");
}

export function wrongMethod(): ApiError {
  return new RouteError(405, "Method Not Allowed", "Method Not Allowed");
}

export function notImplemented(message: string): ApiError {
  return new ApiError(501, "NotImplementedError", message);
}
