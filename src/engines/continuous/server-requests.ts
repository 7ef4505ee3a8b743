/** Lengths by request, tokens. Shape (n) each. Engines alone may hold the output lengths. */
export interface RequestLengths {
  readonly promptTokens: Int32Array;
  /** Tokens that the answer really has, at least 1. */
  readonly outputTokens: Int32Array;
  /**
   * The cap sent with the request; absent: `outputTokens`. An answer that ends before its cap ends
   * by an end-of-sequence token, which async scheduling learns one step too late.
   */
  readonly maxTokens?: Int32Array;
}

/** What the server's scheduler knows of its requests. Shape (n) each. */
export interface ServerRequests extends RequestLengths {
  /** Lower is more urgent; read under the priority policy alone. */
  readonly priority: Int32Array;
  /** Seconds (or steps) at which the server's front end saw the request; decides ties. */
  readonly arrival: Float64Array;
}
