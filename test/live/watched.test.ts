import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { live, LiveInterrupted } from "../../src/live/live.ts";
import { type Script, type ScriptedServer, scriptedServer } from "../support/scripted-server.ts";
import { handWorkload } from "../support/workloads.ts";

let folder: string;
let server: ScriptedServer | undefined;
beforeEach(async () => {
  folder = await Deno.makeTempDir();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await Deno.remove(folder, { recursive: true });
});

const PAGES: Readonly<Record<string, string>> = {
  "/v1/models": JSON.stringify({
    object: "list",
    data: [{ id: "m", owned_by: "vllm", max_model_len: 8192 }],
  }),
  "/health": "",
  "/version": '{"version":"0.30.0"}',
};
const ANSWER = [
  {
    choices: [{ text: " word", finish_reason: "length" }],
    usage: { prompt_tokens: 1, completion_tokens: 1 },
  },
].map((json) => `data: ${JSON.stringify(json)}\n\n`).join("") + "data: [DONE]\n\n";

/** A server with pages and metrics that grow; `complete` answers the requests. */
function vllm(complete: Script): Script {
  let scrapes = 0;
  return async (request, wire) => {
    if (request.method === "POST") return await complete(request, wire);
    if (request.path === "/metrics") {
      scrapes++;
      return await wire.answer(
        200,
        `vllm:num_requests_running{model_name="m"} ${scrapes}\n` +
          `vllm:num_preemptions_total{model_name="m"} ${10 * scrapes}\n` +
          `vllm:num_requests_running{model_name="other"} 99\n`,
      );
    }
    const page = PAGES[request.path];
    await wire.answer(page === undefined ? 404 : 200, page ?? '{"detail":"Not Found"}');
  };
}

const workload = (arrival: readonly number[]) =>
  handWorkload({ arrival, outputTokens: arrival.map(() => 1) });
const OPTIONS = {
  dispatch: { rule: "in-flight" as const, window: 4 },
};
const answer: Script = async (_request, wire) => {
  await wire.beginStream();
  await wire.chunk(ANSWER);
  await wire.endStream();
};

describe("a run holds its servers' telemetry, on its own clock", () => {
  test("of the model asked for, in its result and in its folder", async () => {
    server = await scriptedServer(vllm(answer));
    const { telemetry, overhead, files } = await live(workload([0, 0.2, 0.5]), {
      ...OPTIONS,
      servers: [server.url],
      out: folder,
      telemetry: { periodSeconds: 0.2, nvidiaSmi: null },
    });
    const [series] = telemetry!.servers;
    expect(series.size).toBeGreaterThanOrEqual(3);
    expect(series.gauges.running[1]).toBe(series.gauges.running[0] + 1);
    expect([...series.counters.preemptions]).toEqual(
      Array.from({ length: series.size }, (_, i) => 10 * i),
    );
    expect(series.time[0]).toBeGreaterThanOrEqual(0);
    expect(series.time.at(-1)).toBeGreaterThan(0.5);
    expect(series.time.at(-1)).toBeLessThan(60);
    expect(telemetry!.gpu).toBeNull();
    expect(overhead.schedule.p50).toBeGreaterThanOrEqual(0);
    expect(overhead.eventLoop!.max).toBeGreaterThanOrEqual(overhead.eventLoop!.p50);
    const csv = await Deno.readTextFile(`${folder}/server_telemetry.csv`);
    expect(csv.trim().split("\n").length).toBe(1 + series.size);
    expect(files).toContain(`${folder}/server_telemetry.csv`);
  });

  test("from before its clock starts: the first look, however slow, makes no request late", async () => {
    const page = vllm(answer);
    server = await scriptedServer(async (request, wire) => {
      if (request.path === "/metrics") await new Promise((resolve) => setTimeout(resolve, 400));
      await page(request, wire);
    });
    const { telemetry, record } = await live(workload([0, 0.1]), {
      ...OPTIONS,
      servers: [server.url],
      telemetry: { periodSeconds: 10, nvidiaSmi: null },
    });
    expect(telemetry!.servers[0].time[0]).toBe(0);
    expect(Math.max(...record.late)).toBeLessThan(0.3);
  });

  test("also when it is interrupted; the process that resumes it writes beside", async () => {
    server = await scriptedServer(vllm(answer));
    const run = (signal?: AbortSignal) =>
      live(workload([0, 0.4]), {
        ...OPTIONS,
        servers: [server!.url],
        out: folder,
        resume: signal === undefined,
        telemetry: { periodSeconds: 0.2, nvidiaSmi: null },
        signal,
      });
    await expect(run(AbortSignal.timeout(250))).rejects.toThrow(LiveInterrupted);
    await run();
    for (const name of ["server_telemetry.csv", "server_telemetry-2.csv"]) {
      const lines = (await Deno.readTextFile(`${folder}/${name}`)).trim().split("\n");
      expect(lines.length).toBeGreaterThan(1);
    }
  });
});
