import { expect, test } from "vitest";
import {
  decodeJupyterMessage,
  encodeJupyterMessage,
} from "../../../src/reports/kernel/jupyter-message.ts";

const message = { type: "execute_request", id: "m1", content: { code: "1 + 1", text: "größer" } };
const encoded = () => encodeJupyterMessage(message, { key: "secret", session: "s" });

test("decodeJupyterMessage(encodeJupyterMessage(m)) is m", () => {
  expect(decodeJupyterMessage(encoded(), "secret")).toEqual({ ...message, parentId: undefined });
});

test("decodeJupyterMessage() skips the identities before the delimiter", () => {
  const identity = new Uint8Array([1, 2, 3]);
  expect(decodeJupyterMessage([identity, ...encoded()], "secret")?.id).toBe("m1");
});

test("decodeJupyterMessage() refuses a message signed with another key or changed on its way", () => {
  expect(decodeJupyterMessage(encoded(), "another")).toBeNull();
  const frames = encoded();
  frames[5] = new TextEncoder().encode('{"code":"Deno.exit()"}');
  expect(decodeJupyterMessage(frames, "secret")).toBeNull();
});

test("decodeJupyterMessage() refuses frames that are no Jupyter message", () => {
  expect(decodeJupyterMessage([], "secret")).toBeNull();
  expect(decodeJupyterMessage(encoded().slice(0, 4), "secret")).toBeNull();
  expect(decodeJupyterMessage(encoded().slice(1), "secret")).toBeNull();
});
