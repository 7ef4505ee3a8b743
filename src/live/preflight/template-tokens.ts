import * as z from "zod";
import type { VllmClient } from "../client/vllm-client.ts";
import { madeText } from "../made-words.ts";

const Tokenized = z.object({ count: z.int().min(0) });

/** Words of the two texts that a server is asked to count. */
const SHORT = 8;
const LONG = 72;

/**
 * Tokens that a server adds to a text of {@link madeText} before it is a prompt: its chat template, or
 * the token that begins a text. Asked of `POST /tokenize`, as vLLM has it.
 *
 * @returns null where the server does not tell, or where a word is not one token there
 */
export async function templateTokens(
  client: VllmClient,
  { model, chat }: { readonly model: string; readonly chat: boolean },
): Promise<number | null> {
  const countOf = async (words: number): Promise<number | null> => {
    const text = madeText(Array.from({ length: words }, (_, i) => i));
    const messages = [{ role: "user", content: text }];
    const asked = chat
      ? { model, messages, add_generation_prompt: true }
      : { model, prompt: text, add_special_tokens: true };
    try {
      const { status, text } = await client.post("/tokenize", asked);
      const parsed = status === 200 ? Tokenized.safeParse(JSON.parse(text)) : null;
      return parsed?.success ? parsed.data.count : null;
    } catch {
      return null;
    }
  };
  const [short, long] = [await countOf(SHORT), await countOf(LONG)];
  if (short === null || long === null || long - short !== LONG - SHORT) return null;
  return short - SHORT;
}
