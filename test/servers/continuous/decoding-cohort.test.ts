import fc from "fast-check";
import { expect, test } from "vitest";
import { DecodingCohort } from "../../../src/servers/continuous/decoding-cohort.ts";

const SLOTS = 8;
const LONGEST = 200;

/** One sequence, walked. */
interface Sequence {
  computed: number;
  left: number;
}

const commands = fc.array(
  fc.oneof(
    fc.record({
      what: fc.constant("start" as const),
      slot: fc.nat(SLOTS - 1),
      computed: fc.integer({ min: 1, max: 300 }),
      left: fc.integer({ min: 0, max: LONGEST }),
    }),
    fc.record({ what: fc.constantFrom("stop", "delay"), slot: fc.nat(SLOTS - 1) }),
    fc.record({
      what: fc.constant("advance" as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  ),
  { minLength: 1, maxLength: 60, size: "max" },
);

test("the cohort is where sequences walked one by one would be", () => {
  fc.assert(
    fc.property(commands, fc.constantFrom(1, 3, 16, 32), (list, blockSize) => {
      const cohort = new DecodingCohort(SLOTS, blockSize, LONGEST);
      const walked = new Map<number, Sequence>();
      const blocks = () =>
        [...walked.values()].reduce(
          (sum, { computed }) => sum + Math.ceil(computed / blockSize),
          0,
        );
      for (const command of list) {
        if (command.what === "start" && !walked.has(command.slot)) {
          cohort.start(command.slot, command.computed, command.left);
          walked.set(command.slot, { computed: command.computed, left: command.left });
        } else if (command.what === "stop" && walked.has(command.slot)) {
          expect(cohort.stop(command.slot)).toBe(walked.get(command.slot)!.computed);
          walked.delete(command.slot);
        } else if (
          command.what === "delay" && (walked.get(command.slot)?.left ?? LONGEST) < LONGEST
        ) {
          // Sits one step out, which the others take.
          if ([...walked].some(([slot, { left }]) => slot !== command.slot && left === 1)) continue;
          const sequence = walked.get(command.slot)!;
          cohort.delay(command.slot);
          cohort.advance(1);
          for (const each of walked.values()) {
            each.computed++;
            each.left = Math.max(0, each.left - 1);
          }
          sequence.computed--;
          if (cohort.left(command.slot) > 0) sequence.left++;
        } else if (command.what === "advance") {
          const coming = [...walked.values()].filter(({ left }) => left > 0);
          if (coming.length === 0) continue;
          const next = Math.min(...coming.map(({ left }) => left));
          expect(cohort.stepsToEnd()).toBe(next);
          const steps = Math.max(1, Math.round(command.share * next));
          cohort.advance(steps);
          const ended: number[] = [];
          for (const [slot, each] of walked) {
            each.computed += steps;
            if (each.left === steps) ended.push(slot);
            each.left = Math.max(0, each.left - steps);
          }
          const told: number[] = [];
          for (let slot = cohort.nextEnded(); slot >= 0; slot = cohort.nextEnded()) told.push(slot);
          expect(told.sort((a, b) => a - b)).toEqual(ended.sort((a, b) => a - b));
        }
        expect(cohort.size).toBe(walked.size);
        expect(cohort.blocks).toBe(blocks());
        expect(cohort.tokensHeldAtMost(0)).toBeGreaterThanOrEqual(blocks() * blockSize);
        expect(cohort.context)
          .toBe([...walked.values()].reduce((sum, { computed }) => sum + computed + 1, 0));
        for (const [slot, { computed }] of walked) {
          expect(cohort.computed(slot)).toBe(computed);
          expect(cohort.crosses(slot)).toBe(computed % blockSize === 0);
        }
        for (let ahead = 0; ahead < 2 * blockSize; ahead++) {
          const crossing = [...walked.values()]
            .filter(({ computed }) => (computed + ahead) % blockSize === 0);
          expect(cohort.crossings(ahead)).toBe(crossing.length);
        }
      }
    }),
    { numRuns: 400 },
  );
});

test("as many steps fit as blocks suffice for, those of the first taken before", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: SLOTS });
  fc.assert(fc.property(
    lengths,
    fc.constantFrom(1, 3, 16),
    fc.nat(60),
    fc.integer({ min: 1, max: 120 }),
    (computed, blockSize, free, most) => {
      const cohort = new DecodingCohort(SLOTS, blockSize, LONGEST);
      computed.forEach((tokens, slot) => cohort.start(slot, tokens, LONGEST));
      let fit = 1;
      for (let left = free; fit < most; fit++) {
        left -= cohort.crossings(fit);
        if (left < 0) break;
      }
      expect(cohort.stepsThatFit(free, most)).toBe(fit);
    },
  ));
});
