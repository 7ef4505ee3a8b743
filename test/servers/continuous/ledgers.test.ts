import fc from "fast-check";
import { expect, test } from "vitest";
import { blocksFor } from "../../../src/servers/continuous/blocks-for.ts";
import { CohortLedger } from "../../../src/servers/continuous/cohort-ledger.ts";
import { CountingLedger } from "../../../src/servers/continuous/kv-ledger.ts";

const SLOTS = 6;
const BLOCKS = 2000;
const LONGEST = 400;

test("tokens fill whole blocks", () => {
  fc.assert(fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 64 }), (tokens, blockSize) => {
    expect(blocksFor(tokens, blockSize)).toBe(Math.ceil(tokens / blockSize));
  }));
});

test("by request: what is held and what is free are all blocks but the null block", () => {
  const moves = fc.array(fc.tuple(fc.nat(SLOTS - 1), fc.nat(60), fc.boolean()), { maxLength: 60 });
  fc.assert(fc.property(moves, fc.constantFrom(1, 3, 16), (list, blockSize) => {
    const ledger = new CountingLedger(BLOCKS, blockSize, 2);
    ledger.grow({ promptTokens: new Int32Array(SLOTS) });
    const tokens = new Array(SLOTS).fill(0);
    for (const [request, more, releases] of list) {
      if (releases) {
        ledger.release(request);
        tokens[request] = 0;
      } else {
        tokens[request] += more;
        ledger.take(request, ledger.lacking(request, tokens[request]));
      }
      const held = tokens.map((each) => Math.ceil(each / blockSize));
      held.forEach((blocks, each) => expect(ledger.held(each)).toBe(blocks));
      expect(ledger.free).toBe(BLOCKS - 1 - held.reduce((sum, blocks) => sum + blocks, 0));
    }
  }));
});

interface Walked {
  tokens: number;
  inCohort: boolean;
}

const commands = fc.array(
  fc.record({
    what: fc.constantFrom("hold", "hold", "join", "join", "part", "release", "step"),
    slot: fc.nat(SLOTS - 1),
    tokens: fc.integer({ min: 1, max: 200 }),
  }),
  { maxLength: 80, size: "max" },
);

test("by slot: the cohort's blocks and the others' are those of sequences counted one by one", () => {
  fc.assert(fc.property(commands, fc.constantFrom(1, 3, 16, 32), (list, blockSize) => {
    const ledger = new CohortLedger(BLOCKS, blockSize, SLOTS, LONGEST);
    const walked = new Map<number, Walked>();
    const blocks = (ahead: number) =>
      [...walked.values()].reduce(
        (sum, { tokens, inCohort }) =>
          sum + Math.ceil((tokens + (inCohort ? ahead : 0)) / blockSize),
        0,
      );
    for (const { what, slot, tokens } of list) {
      const one = walked.get(slot);
      if (what === "hold" && one?.inCohort !== true) {
        ledger.hold(slot, tokens);
        walked.set(slot, { tokens, inCohort: false });
        expect(ledger.held(slot)).toBe(Math.ceil(tokens / blockSize));
      } else if (what === "join" && one?.inCohort === false) {
        ledger.join(slot, one.tokens, LONGEST);
        one.inCohort = true;
      } else if (what === "part" && one?.inCohort) {
        expect(ledger.part(slot)).toBe(one.tokens);
        one.inCohort = false;
      } else if (what === "release" && one?.inCohort === false) {
        ledger.release(slot);
        walked.delete(slot);
      } else if (what === "step") {
        ledger.advance(1);
        for (const each of walked.values()) if (each.inCohort) each.tokens++;
      }
      ledger.planNone();
      expect(ledger.free).toBe(BLOCKS - 1 - blocks(0));
      // One after the other takes its token, or all at once.
      for (const [each, { inCohort }] of walked) if (inCohort) ledger.plan(each);
      expect(ledger.free).toBe(BLOCKS - 1 - blocks(1));
      for (const [each, { inCohort }] of walked) if (inCohort) ledger.unplan(each);
      expect(ledger.free).toBe(BLOCKS - 1 - blocks(0));
      ledger.planAll();
      const free = BLOCKS - 1 - blocks(1);
      expect([ledger.hasFree(free), ledger.hasFree(free + 1)]).toEqual([true, false]);
      expect(ledger.free).toBe(free);
      ledger.planNone();
    }
  }));
});
