import { expect, test } from "vitest";
import { parseSampleAnswer } from "../../../src/paper/prompts/sample-answer.ts";

const GOOD = "---\nkind: prose\ntopic: backpressure\nform: 3\n---\nSlow down.\n\n---\nReally.\n";

test("front matter ends at the first closing line and the text is trimmed", () => {
  expect(parseSampleAnswer(GOOD, "a.md")).toEqual({
    kind: "prose",
    topic: "backpressure",
    form: 3,
    text: "Slow down.\n\n---\nReally.",
  });
});

test.each([
  ["no front matter", "Slow down.", "a.md, row 1: expected front matter"],
  ["an unknown kind", GOOD.replace("prose", "poem"), 'a.md, field kind: got "poem"'],
  ["a topic of somebody else's", GOOD.replace("backpressure", "cats"), "field topic"],
  ["a form that does not exist", GOOD.replace("form: 3", "form: 5"), "field form"],
  ["an unknown field", GOOD.replace("form: 3", "form: 3\nmood: 1"), "field mood"],
  ["a line that is no field", GOOD.replace("form: 3", "form"), 'a.md, row 4: got "form"'],
  ["no answer", "---\nkind: prose\ntopic: backpressure\nform: 3\n---\n \n", "field text"],
])("%s is refused by file and field", (_, source, message) => {
  expect(() => parseSampleAnswer(source, "a.md")).toThrow(message);
});
