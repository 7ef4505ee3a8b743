import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { Registry } from "../../src/registry/registry.ts";

test("members are found by name, and one that is added can be taken out again", () => {
  const registry = new Registry("server policy", [{ name: "a" }, { name: "b" }]);
  expect(registry.named("b")).toEqual({ name: "b" });
  const takeOut = registry.add({ name: "c" });
  expect(registry.all.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  takeOut();
  takeOut();
  expect(registry.all.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("an unknown name is refused with the known ones", () => {
  const registry = new Registry("server policy", [{ name: "a" }, { name: "b" }]);
  expect(() => registry.named("z")).toThrow(InputError);
  expect(() => registry.named("z")).toThrow(/server policy: got "z", expected one of a, b/);
});
