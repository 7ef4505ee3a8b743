import assert from "node:assert/strict";

/** Asserts that an example gives the value that its comment states, numbers to the digits stated. */
export function gives(value: unknown, stated: unknown): void {
  if (typeof stated === "number" && typeof value === "number") {
    const digits = (String(stated).split(".")[1] ?? "").length;
    value = Number(value.toFixed(digits));
  }
  // No-break spaces cannot be seen in a comment.
  if (typeof value === "string") value = value.replaceAll("\u00a0", " ");
  assert.deepEqual(value, stated);
}
