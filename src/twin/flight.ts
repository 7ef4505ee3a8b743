import type { AnswerText } from "./answers/answer-text.ts";

/** Why an answer ended, as vLLM says it. */
export type FinishReason = "stop" | "length" | "abort";

/** What is fixed about a flight when it starts. */
export interface FlightPlan {
  /** Place among the choices of its reply; of its prompt among the prompts. */
  readonly index: number;
  readonly promptIndex: number;
  /** Token ids of its prompt; null where nobody asked for them. */
  readonly promptIds: readonly number[] | null;
  readonly promptTokens: number;
  /** Tokens of the answer at most, as the request says it or the context allows. */
  readonly maxTokens: number;
  readonly text: AnswerText;
  /** Text that comes before the answer (`echo`). */
  readonly echo: string;
  /** How it ends if nothing comes in between. */
  readonly finishReason: FinishReason;
  /** Stop string or stop token that ends it. */
  readonly stopReason: string | number | null;
}

/** Tokens of a prompt, as the prefix cache tells them apart. */
export interface PromptTokens {
  readonly ids: readonly number[];
  /** `cache_salt`; null: none. */
  readonly salt: string | null;
}

/** One request inside the engine: one answer to one prompt. Instants are the twin's seconds. */
export class Flight {
  plan: FlightPlan;
  /** Until the engine has it: nobody needs it afterwards, and it may be long. */
  prompt: PromptTokens | null;
  /** Row of the engine. */
  row = -1;
  /** When the HTTP request came, and when the engine's queue gets it. */
  arrival = 0;
  queued = 0;
  scheduled = NaN;
  /** Prompt tokens that came from the prefix cache when it was first scheduled. */
  cached = 0;
  /** Prompt tokens in full blocks that it brought into the cache. */
  created = 0;
  firstToken = NaN;
  lastToken = NaN;
  preemptions = 0;
  /** Preemptions that no output has told of yet. */
  unbooked = 0;
  ended = false;
  /** Tokens that chunks have told of. */
  told = 0;
  /** Whether the echo, and the prompt's ids, have gone out. */
  echoed = false;
  promptShown = false;

  constructor(plan: FlightPlan, prompt: PromptTokens) {
    this.plan = plan;
    this.prompt = prompt;
  }

  /** Tokens made. */
  get tokens(): number {
    return this.plan.text.made;
  }

  /** Ends it before its time. */
  abort(): void {
    this.plan = { ...this.plan, finishReason: "abort", stopReason: null };
    this.ended = true;
  }
}
