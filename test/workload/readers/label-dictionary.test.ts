import { expect, test } from "vitest";
import { LabelDictionary } from "../../../src/workload/readers/label-dictionary.ts";

function dictionaryOf(size: number) {
  const dictionary = new LabelDictionary();
  for (let i = 0; i < size; i++) dictionary.add(`n${i}`);
  dictionary.add("n0");
  return dictionary.labels();
}

test("codes are as small as the number of names allows, and never overflow", () => {
  for (
    const [size, type] of [[256, Uint8Array], [257, Uint16Array], [65_537, Int32Array]] as const
  ) {
    const { codes, names } = dictionaryOf(size);
    expect(codes).toBeInstanceOf(type);
    expect(names.length).toBe(size);
    expect(names[codes[size - 1]]).toBe(`n${size - 1}`);
    expect(names[codes[size]]).toBe("n0");
  }
});

test("names of object members are names like any other", () => {
  const dictionary = new LabelDictionary();
  for (const name of ["__proto__", "constructor", "__proto__"]) dictionary.add(name);
  expect(dictionary.labels().names).toEqual(["__proto__", "constructor"]);
});
