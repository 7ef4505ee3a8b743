import { readBundled } from "../../../../src/files/read-bundled.ts";

/** Flags of the server whose lines {@link realLines} returns. */
export const REAL_SERVER = { num_gpu_blocks: 1024, block_size: 128, max_num_batched_tokens: 2048 };

/** Lines of a bundled log of vLLM 0.30, as it printed them. */
export async function realLines(run: string): Promise<string[]> {
  const bytes = await readBundled(`vllm_cpu_measured/${run}.iterations.log.gz`);
  return new TextDecoder().decode(bytes).trimEnd().split("\n");
}

/** Two logs in one, each at its own pace, as two engines would print them. */
export function interleave(first: readonly string[], second: readonly string[]): string[] {
  const lines: string[] = [];
  for (let i = 0, j = 0; i < first.length || j < second.length;) {
    if (j * first.length >= i * second.length && i < first.length) lines.push(first[i++]);
    else lines.push(second[j++]);
  }
  return lines;
}

/** A file's lines as it comes from a disk: chunks that end anywhere. */
export async function* chunksOf(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < 100_000) continue;
    yield encoder.encode(text.slice(0, 99_999));
    text = text.slice(99_999);
  }
  yield encoder.encode(text);
}
