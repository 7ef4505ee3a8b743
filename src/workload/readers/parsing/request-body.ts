/** What somebody said in a conversation. */
export interface Message {
  /** `system`, `user`, `assistant`, …; "" where there are no roles. */
  readonly role: string;
  readonly text: string;
}

/** What a request to a server of language models asks for, by whatever API. */
export interface RequestBody {
  readonly model?: string;
  /** The cap on the answer's tokens. */
  readonly maxTokens?: number;
  /** The prompt; empty where there is none that is known. */
  readonly messages: readonly Message[];
  /** Tokens of a prompt that is given as token ids. */
  readonly tokenIds?: number;
  /** Parts of the prompt that are no text: images, sounds. */
  readonly otherParts: number;
}

const NOTHING: RequestBody = { messages: [], otherParts: 0 };

/**
 * Reads the body of a request: OpenAI's completions, chats and responses, Triton's `generate` and TGI's,
 * as an object or as its JSON. What is none of these has no messages.
 */
export function readRequestBody(body: unknown): RequestBody {
  const value = typeof body === "string" ? parsed(body) : body;
  if (!isObject(value)) return NOTHING;
  const { model, max_tokens, max_completion_tokens, max_output_tokens } = value;
  const cap = [max_completion_tokens, max_tokens, max_output_tokens].find(isCount);
  const prompt = value.messages ?? value.prompt ?? value.input ?? value.text_input ?? value.inputs;
  const { ids, ...found } = promptOf(prompt);
  return {
    ...typeof model === "string" && model !== "" && { model },
    ...cap !== undefined && { maxTokens: cap },
    ...ids > 0 && { tokenIds: ids },
    ...found,
  };
}

/** Messages of a list of objects with a role and content; undefined where it is no such list. */
export function readMessages(
  list: unknown,
): Pick<RequestBody, "messages" | "otherParts"> | undefined {
  if (!Array.isArray(list)) return undefined;
  const messages: Message[] = [];
  let otherParts = 0;
  for (const each of list as readonly unknown[]) {
    if (!isObject(each)) return undefined;
    const role = [each.role, each.from, each.user].find((name) => typeof name === "string") ?? "";
    const content = each.content ?? each.value ?? each.text ?? each.markdown;
    const { text, others } = textOf(content);
    if (text === undefined) return undefined;
    messages.push({ role: String(role), text });
    otherParts += others;
  }
  return { messages, otherParts };
}

function promptOf(
  prompt: unknown,
): { ids: number; messages: readonly Message[]; otherParts: number } {
  if (typeof prompt === "string") return { ids: 0, ...NOTHING, messages: said(prompt) };
  if (!Array.isArray(prompt)) return { ids: 0, ...NOTHING };
  const list = prompt as readonly unknown[];
  if (list.length > 0 && list.every(isCount)) return { ids: list.length, ...NOTHING };
  if (list.every((each) => typeof each === "string")) {
    return { ids: 0, ...NOTHING, messages: said(list.join(" ")) };
  }
  return { ids: 0, ...NOTHING, ...readMessages(list) };
}

const said = (text: string): Message[] => text === "" ? [] : [{ role: "", text }];

/** The text of a message's content: itself, or those of its parts that are text. */
function textOf(content: unknown): { text?: string; others: number } {
  if (typeof content === "string") return { text: content, others: 0 };
  // A message that only calls a tool has none.
  if (content === null || content === undefined) return { text: "", others: 0 };
  if (!Array.isArray(content)) return { others: 0 };
  const parts = (content as readonly unknown[]).map((part) => {
    if (typeof part === "string") return part;
    return isObject(part) && typeof part.text === "string" ? part.text : undefined;
  });
  const texts = parts.filter((part) => part !== undefined);
  return { text: texts.join("\n"), others: parts.length - texts.length };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
