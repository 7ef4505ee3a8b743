import { afterEach, expect, test } from "vitest";
import {
  CONNECTION_FILE_VARIABLE,
  findIopubAddress,
} from "../../../src/notebook/kernel/find-iopub-address.ts";

const file = await Deno.makeTempFile({ suffix: ".json" });

afterEach(() => Deno.env.delete(CONNECTION_FILE_VARIABLE));

function connectionFile(content: string): void {
  Deno.writeTextFileSync(file, content);
  Deno.env.set(CONNECTION_FILE_VARIABLE, file);
}

test("findIopubAddress() reads the output channel from the kernel's connection file", () => {
  connectionFile('{"transport": "tcp", "ip": "127.0.0.1", "iopub_port": 54321, "shell_port": 1}');
  expect(findIopubAddress()).toEqual({ hostname: "127.0.0.1", port: 54321 });
});

test("findIopubAddress() is null outside a kernel", () => {
  expect(findIopubAddress()).toBeNull();
});

for (const content of ["", "{}", '{"transport": "ipc", "ip": "x", "iopub_port": 1}', "null"]) {
  test(`findIopubAddress() is null where the connection file says ${content || "nothing"}`, () => {
    connectionFile(content);
    expect(findIopubAddress()).toBeNull();
  });
}
