import http from "node:http";
import { afterEach, expect, test } from "vitest";
import { closeIdle, idleAgent } from "../../../src/live/client/idle-agent.ts";
import { type ScriptedServer, scriptedServer } from "../../support/scripted-server.ts";

let server: ScriptedServer;
afterEach(() => server.stop());

function get(agent: http.Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.get(server.url, { agent }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode!));
    });
    request.on("error", reject);
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("an idle connection is used again until it has idled too long; a busy one may be silent", async () => {
  let delay = 0;
  server = await scriptedServer(async (_request, wire) => {
    await pause(delay);
    await wire.answer(200, "ok");
  });
  const agent = idleAgent(server.url, { longestIdle: 100 });
  await get(agent);
  await pause(20);
  delay = 250;
  expect(await get(agent)).toBe(200);
  expect(server.connections).toBe(1);
  delay = 0;
  await pause(250);
  await get(agent);
  expect(server.connections).toBe(2);
  closeIdle(agent);
});
