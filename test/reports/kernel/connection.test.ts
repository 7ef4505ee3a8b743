import { expect, test } from "vitest";
import { newConnection, releaseConnection } from "../../../src/reports/kernel/connection.ts";

test("newConnection() never hands out a port twice before it is released", () => {
  const connections = Array.from({ length: 40 }, () => newConnection());
  const ports = connections.flatMap((each) => [
    each.shell_port,
    each.control_port,
    each.iopub_port,
    each.stdin_port,
    each.hb_port,
  ]);
  expect(new Set(ports).size).toBe(200);
  expect(new Set(connections.map(({ key }) => key)).size).toBe(40);
  connections.forEach(releaseConnection);
});
