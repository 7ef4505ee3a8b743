import fc from "fast-check";
import { expect, test } from "vitest";
import { substream, uniformInt } from "../../../src/random/substream.ts";
import { ServerConfig } from "../../../src/servers/continuous/config.ts";
import { ContinuousEngine } from "../../../src/servers/continuous/engine.ts";
import { FINISHED } from "../../../src/servers/continuous/event-log.ts";
import { NO_REQUESTS } from "../../../src/servers/continuous/server-requests.ts";
import { type ChainTokens, TokenChains } from "../../../src/twin/prefix/token-chains.ts";
import { plainCost } from "../../support/workloads.ts";

const numbersOf = (chains: TokenChains, request: number) => {
  const numbers = new Int32Array(chains.shared(request));
  chains.copy(request, numbers);
  return [...numbers];
};

/** What a block stands for: everything up to its end. Written out, so that texts can be compared. */
function contentsOf({ prompt, answer, salt }: ChainTokens, blockSize: number): string[] {
  const tokens = [...Array.from(prompt), ...Array.from(answer)];
  const count = Math.floor(tokens.length / blockSize);
  return Array.from(
    { length: count },
    (_, i) => JSON.stringify([salt, tokens.slice(0, (i + 1) * blockSize)]),
  );
}

const few = fc.array(fc.constantFrom(0, 1, 65_536, 151_935), { maxLength: 12 });
const requests = fc.array(
  fc.record({ prompt: few, answer: few, salt: fc.constantFrom(null, "a", "b", "\u0000") }),
  { maxLength: 12 },
);

test("blocks have one number exactly where all tokens up to their end, and the salt, are one", () => {
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 5 }), (all, blockSize) => {
      const chains = new TokenChains(blockSize, () => true);
      const numberOf = new Map<string, number>();
      for (const [request, tokens] of all.entries()) {
        chains.open(request, tokens);
        const contents = contentsOf(tokens, blockSize);
        const numbers = numbersOf(chains, request);
        expect(numbers).toHaveLength(contents.length);
        for (const [i, content] of contents.entries()) {
          if (!numberOf.has(content)) numberOf.set(content, numbers[i]);
          expect(numbers[i]).toBe(numberOf.get(content));
        }
      }
      expect(new Set(numberOf.values()).size).toBe(numberOf.size);
    }),
  );
});

test("in a long life numbers come again, but never while somebody can ask for them", () => {
  const random = substream(1, "test/token-chains");
  const blockSize = 4, capacity = 300, open = 20;
  // What the cache holds, the least recently used first: content by number.
  const cached = new Map<number, string>();
  const chains = new TokenChains(blockSize, (number) => cached.has(number));
  const contents = new Map<number, readonly string[]>();
  let blocks = 0;
  for (let request = 0; request < 3000; request++) {
    // Conversations of some length, begun at random.
    const begin = uniformInt(random, 40);
    const prompt = [begin, ...Array.from({ length: 3 + uniformInt(random, 40) }, (_, i) => i)];
    const answer = Array.from({ length: uniformInt(random, 40) }, () => uniformInt(random, 5));
    const tokens = { prompt, answer, salt: null };
    chains.open(request, tokens);
    contents.set(request, contentsOf(tokens, blockSize));
    const alive = new Map<number, string>(cached);
    for (const [each, texts] of contents) {
      for (const [i, number] of numbersOf(chains, each).entries()) {
        if ((alive.get(number) ?? texts[i]) !== texts[i]) expect(number).toBe("of one content");
        alive.set(number, texts[i]);
      }
    }
    const gone = request - open;
    if (gone < 0) continue;
    const numbers = numbersOf(chains, gone);
    for (const [i, number] of numbers.entries()) {
      cached.delete(number);
      cached.set(number, contents.get(gone)![i]);
    }
    chains.close(gone);
    contents.delete(gone);
    blocks += numbers.length;
    for (const number of cached.keys()) {
      if (cached.size <= capacity) break;
      cached.delete(number);
    }
  }
  expect(blocks).toBeGreaterThan(25_000);
  // 300 cached, 20 requests of 20 blocks; and some that were not looked for yet.
  expect(chains.numbers).toBeLessThan(2000);
});

test("a request that has ended shares nothing any more", () => {
  const chains = new TokenChains(2, () => false);
  chains.open(7, { prompt: [1, 2, 3], answer: [4, 5], salt: null });
  expect(chains.shared(7)).toBe(2);
  chains.close(7);
  expect([chains.shared(7), chains.shared(8)]).toEqual([0, 0]);
  chains.close(7);
});

test("numbers that come again find in an engine's cache what numbers given once do", () => {
  const run = (forgets: boolean) => {
    const random = substream(2, "test/token-chains/engine");
    const config = ServerConfig.parse({ max_model_len: 400, num_gpu_blocks: 120, max_num_seqs: 8 });
    const chains = new TokenChains(
      config.block_size,
      forgets ? (number) => engine.caches(number) : () => true,
    );
    const cost = plainCost({ base: 1e-3, perPrefillToken: 1e-5 });
    const engine: ContinuousEngine = new ContinuousEngine(
      config,
      { ...NO_REQUESTS, identity: chains },
      { cost },
    );
    // Conversations: each goes on with all its tokens, or begins anew.
    const said: number[][] = Array.from({ length: 24 }, () => []);
    let at = 0;
    for (let i = 0; i < 4000; i++) {
      const which = uniformInt(random, said.length);
      if (said[which].length > 250) said[which] = [];
      if (said[which].length === 0) said[which] = Array(50).fill(uniformInt(random, 100));
      const draw = (most: number) =>
        Array.from({ length: 1 + uniformInt(random, most) }, () => uniformInt(random, 1000));
      const prompt = [...said[which], ...draw(40)];
      const answer = draw(60);
      said[which] = [...prompt, ...answer];
      at += 0.04 * random.next();
      while (engine.advance(at) < at) closeEnded(engine, chains);
      closeEnded(engine, chains);
      const row = engine.append({ promptTokens: prompt.length, outputTokens: answer.length });
      chains.open(row, { prompt, answer, salt: null });
      engine.submit(row, at);
    }
    while (engine.unfinished > 0) engine.advance(Infinity);
    const cached = engine.cachedTokens.subarray(0, engine.size);
    return { cached, finish: engine.finish.subarray(0, engine.size), numbers: chains.numbers };
  };
  const forgetting = run(true), keeping = run(false);
  expect(forgetting.cached).toEqual(keeping.cached);
  expect(forgetting.finish).toEqual(keeping.finish);
  const share = (column: Int32Array) =>
    column.filter((tokens) => tokens > 0).length / column.length;
  expect(share(forgetting.cached)).toBeGreaterThan(0.2);
  expect(share(forgetting.cached)).toBeLessThan(0.9);
  expect(keeping.numbers).toBeGreaterThan(10_000);
  expect(forgetting.numbers).toBeLessThan(2500);
});

function closeEnded({ events }: ContinuousEngine, chains: TokenChains): void {
  for (let i = 0; i < events.size; i++) {
    if (events.kind[i] === FINISHED) chains.close(events.request[i]);
  }
}
