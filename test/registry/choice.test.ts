import { expect, test } from "vitest";
import { z } from "zod";
import { InputError } from "../../src/errors/input-error.ts";
import { type Choice, choose, recordOf } from "../../src/registry/choice.ts";
import { type Named, Registry } from "../../src/registry/registry.ts";

interface Shape extends Named {
  readonly options?: z.ZodType;
  create(): number;
}
const round: Shape = { name: "round", create: () => 0 };
const square: Shape = {
  name: "square",
  options: z.strictObject({ side: z.number().positive().default(2) }),
  create: () => 4,
};
const shapes = () => new Registry<Shape>("shape", [round, square]);
const chosen = (choice?: unknown, registry = shapes()) =>
  choose(choice as Choice<Shape> | undefined, { registry, standard: square, file: "options" });

test("members are had by name and listed in order, those added last", () => {
  const registry = shapes();
  const oval: Shape = { name: "oval", create: () => 1 };
  const remove = registry.add(oval);
  expect(registry.names).toEqual(["round", "square", "oval"]);
  expect([registry.get("oval"), registry.named("oval")]).toEqual([oval, oval]);
  expect(() => registry.add({ ...oval })).toThrow(
    'shape to add, field name: got "oval", expected a name that no other shape has',
  );
  remove();
  remove();
  expect(registry.names).toEqual(["round", "square"]);
  expect(registry.get("oval")).toBeUndefined();
  // Its name is free again, and an old way to take it out takes no other out.
  registry.add({ ...oval });
  remove();
  expect(registry.names).toEqual(["round", "square", "oval"]);
});

test("a registry is its own: what is given to it later does not change", () => {
  const members = [round];
  const registry = new Registry<Shape>("shape", members);
  registry.add(square);
  expect(members).toEqual([round]);
});

test("a choice is nothing, a name, options, both, or a definition, with or without options", () => {
  expect(chosen()).toEqual({ definition: square, options: { side: 2 } });
  expect(chosen("round")).toEqual({ definition: round, options: {} });
  expect(chosen({ options: { side: 5 } })).toEqual({ definition: square, options: { side: 5 } });
  expect(chosen({ name: "square" })).toEqual({ definition: square, options: { side: 2 } });
  expect(chosen({ name: "round", options: {} })).toEqual({ definition: round, options: {} });
  const mine = { ...square, name: "mine" };
  expect(chosen(mine)).toEqual({ definition: mine, options: { side: 2 } });
  expect(chosen({ definition: mine, options: { side: 7 } }).options).toEqual({ side: 7 });
  // Taken as it is, not by its name.
  expect(chosen({ ...square, create: () => 9 }).definition.create()).toBe(9);
});

test("what is written down of a choice is the choice again", () => {
  for (const choice of ["round", { name: "square", options: { side: 3 } }, undefined]) {
    const first = chosen(choice);
    expect(chosen(JSON.parse(JSON.stringify(recordOf(first))))).toEqual(first);
  }
});

test.each<[unknown, string]>([
  ["oval", 'options, field shape: got "oval", expected one of round, square'],
  [{ name: "oval" }, 'options, field shape.name: got "oval", expected one of round, square'],
  [{ name: "toString" }, 'got "toString", expected one of round, square'],
  [{ nmae: "round" }, 'field shape.nmae: got "round", expected a known name'],
  [
    { side: 3 },
    "field shape.side: got 3, expected a known name: name or options, the fields of a choice",
  ],
  [{ name: 3 }, "expected the name of a shape (round, square), { name, options }, or a definition"],
  [7, "field shape: got 7, expected the name of a shape (round, square)"],
  [null, "field shape: got null, expected the name of a shape"],
  [["round"], 'field shape: got ["round"], expected the name of a shape'],
  [
    { name: "round", options: { side: 3 } },
    "options of shape round, field side: got 3, expected no",
  ],
  [{ options: { sides: 3 } }, "options of shape square, field sides: got 3, expected a known name"],
  [
    { options: { side: -1 } },
    "options of shape square, field side: got -1, expected number to be >0",
  ],
  [{ options: 3 }, "field shape.options: got 3, expected an object of options"],
  [{ name: "round", options: [] }, "field shape.options: got [], expected an object of options"],
  [{ definition: 3 }, "field shape.definition: got 3, expected a definition of a shape"],
  [{ definition: square, name: "round" }, 'field shape.name: got "round", expected nothing'],
])("the choice %j is refused by field, with what is known", (choice, message) => {
  expect(() => chosen(choice)).toThrow(InputError);
  expect(() => chosen(choice)).toThrow(message);
});

test("who is added is known to choices and messages from then on, and no longer than that", () => {
  const registry = shapes();
  const remove = registry.add({ name: "oval", create: () => 1 });
  expect(chosen("oval", registry).definition.name).toBe("oval");
  expect(() => chosen("cube", registry)).toThrow("expected one of round, square, oval");
  remove();
  expect(() => chosen("oval", registry)).toThrow('got "oval", expected one of round, square');
});
