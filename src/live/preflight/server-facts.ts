/** A server's KV cache as its `/metrics` describe it; null for what they leave out. */
export interface KvCache {
  /** The null block included, which no request gets. */
  readonly blocks: number | null;
  readonly blockTokens: number | null;
  readonly prefixCaching: boolean | null;
}

/** What a server has said of itself before the first request; null for what it does not say. */
export interface ServerFacts {
  readonly url: string;
  /** Name under which it is asked for the model. */
  readonly model: string;
  /** Name under which its metrics count the model: the first of several. */
  readonly metricsModel: string;
  /** Longest prompt plus answer in tokens. */
  readonly contextTokens: number | null;
  /** vLLM's version. */
  readonly version: string | null;
  readonly kvCache: KvCache | null;
  /** `fcfs` or `priority`; vLLM tells it in its development mode alone. */
  readonly policy: string | null;
  /** Of a server that does not say that it is vLLM: who owns its models. */
  readonly otherThanVllm?: string;
  /** Page that answers with 200 while the server is well. @default "/health" */
  readonly healthPage?: string;
}

/** Whether a server is a twin: it says so in its version. */
export function isTwin({ version }: Pick<ServerFacts, "version">): boolean {
  return version !== null && /\+twin\b/.test(version);
}
