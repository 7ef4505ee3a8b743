import type { PromptContent } from "../../workload/prompt-content.ts";
import type { BlockIdentity } from "./prefix/block-identity.ts";

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
  /** What prompts and answers consist of. @default nobody shares anything with anybody */
  readonly content?: PromptContent;
  /** The same said by block, where a front end knows the tokens themselves. @default by `content` */
  readonly identity?: BlockIdentity;
}

/** The caps sent with the requests, tokens. Shape (n). */
export function tokenCaps({ maxTokens, outputTokens }: RequestLengths): Int32Array {
  return maxTokens ?? outputTokens;
}

/** Lengths of nobody: for a front end that appends its requests as they come. */
export const NO_REQUESTS: RequestLengths = {
  promptTokens: new Int32Array(0),
  outputTokens: new Int32Array(0),
};

/** Lengths of one request, tokens. */
export interface AppendedLengths {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** @default outputTokens */
  readonly maxTokens?: number;
}

/** What the server's scheduler knows of its requests. Shape (n) each. */
export interface ServerRequests extends RequestLengths {
  /** Lower is more urgent. */
  readonly priority: Int32Array;
  /** Order in which the server's front end saw them; equal where a driver says they came at once. */
  readonly arrivalRank: Int32Array;
}
