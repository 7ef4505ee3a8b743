import { expect, test } from "vitest";
import { type BodyKind, bodyKindOf } from "../../../src/live/client/body-kind.ts";

const STREAM = { "content-type": "text/event-stream; charset=utf-8" };
const JSON_TYPE = { "content-type": "application/json" };

test.each<[string, Record<string, string>, string, BodyKind]>([
  ["an event stream", STREAM, "data: {", "stream"],
  ["a comment first", STREAM, ": ping", "stream"],
  ["anything else under that type", STREAM, "oops", "stream"],
  ["a JSON under that type", STREAM, '{"id"', "whole"],
  ["a JSON", JSON_TYPE, ' \r\n{"id"', "whole"],
  ["a stream that is called JSON", JSON_TYPE, "data:{", "stream"],
  ["a stream of no type", {}, "event: ping", "stream"],
  ["a byte order mark first", { "content-type": "text/plain" }, "\uFEFFid: 0", "stream"],
  ["the beginning of a name", {}, "dat", "undecided"],
  ["nothing yet", STREAM, "\r\n ", "undecided"],
  ["a page", { "content-type": "text/html" }, "<!doctype html>", "refusal"],
  ["packed", { ...STREAM, "content-encoding": "gzip" }, "", "refusal"],
])("%s: %o %j is %s", (_what, headers, body, kind) => {
  expect(bodyKindOf({ status: 200, headers, body })).toBe(kind);
});

test("another status is a refusal, whatever it looks like", () => {
  expect(bodyKindOf({ status: 503, headers: STREAM, body: "data: {}" })).toBe("refusal");
});
