import { expect, test } from "vitest";
import { batchSeconds } from "../../src/servers/batch-seconds.ts";
import { ContinuousEngine } from "../../src/servers/continuous/engine.ts";
import { FINISHED } from "../../src/servers/continuous/event-log.ts";
import { L4_QWEN15_1_8B_SERVER } from "../../src/servers/continuous/presets.ts";
import { simulate, type SimulateOptions } from "../../src/simulation/simulate.ts";
import { L4_QWEN15_1_8B } from "../../src/servers/costs/presets.ts";
import type { Entry } from "../../src/live/journal/entry.ts";
import { LiveGateway } from "../../src/live/gateway.ts";
import type { GatewayOptionsInput } from "../../src/live/gateway-options.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import type { Workload } from "../../src/workload/workload.ts";
import { measured } from "./support/measured.ts";

const cost = L4_QWEN15_1_8B;

function answer({ truth }: Workload, request: number, firstToken: number, lastToken: number) {
  return measured({
    firstToken,
    lastToken,
    completionTokens: truth.outputTokens[request],
    words: truth.outputWords![request],
  });
}

/** Runs the gateway in virtual time in front of a server's engine, by hand. */
function againstEngine(workload: Workload, options: GatewayOptionsInput) {
  const gateway = new LiveGateway(workload.requests, { servers: 1, options });
  const priority = options.dispatch?.rule === "pass-through";
  const engine = new ContinuousEngine(
    priority ? { ...L4_QWEN15_1_8B_SERVER, scheduling_policy: "priority" } : L4_QWEN15_1_8B_SERVER,
    { ...workload.requests, outputTokens: workload.truth.outputTokens },
    { cost },
  );
  const journal: Entry[] = [];
  gateway.begin({ at: 0, epochSeconds: 0 });
  for (let now = 0;;) {
    gateway.tick(now);
    const { entries, commands } = gateway.take();
    journal.push(...entries);
    for (const command of commands) {
      if (command.do === "send") engine.submit(command.request, now, command.priority);
    }
    if (gateway.ended) return { gateway, journal };
    now = engine.advance(gateway.nextTimer(now));
    for (let i = 0; i < engine.events.size; i++) {
      if (engine.events.kind[i] !== FINISHED) continue;
      const request = engine.events.request[i];
      const found = answer(workload, request, engine.firstToken[request], now);
      gateway.completed(request, 1, { at: now, measured: found });
    }
  }
}

/** Runs it in front of the paper's static batches. */
function againstBatches(workload: Workload, options: GatewayOptionsInput) {
  const gateway = new LiveGateway(workload.requests, { servers: 1, options });
  const lengths = { ...workload.requests, outputTokens: workload.truth.outputTokens };
  const journal: Entry[] = [];
  let members: number[] = [];
  let done = Infinity;
  gateway.begin({ at: 0, epochSeconds: 0 });
  for (let now = 0;;) {
    gateway.tick(now);
    const { entries, commands } = gateway.take();
    journal.push(...entries);
    const sent = commands.flatMap((each) => each.do === "send" ? [each.request] : []);
    if (sent.length > 0) {
      members = sent;
      done = now + batchSeconds(Int32Array.from(sent), lengths, cost);
    }
    if (gateway.ended) return { gateway, journal };
    const timer = gateway.nextTimer(now);
    now = Math.min(timer, done);
    if (now < done) continue;
    done = Infinity;
    for (const request of members) {
      gateway.completed(request, 1, { at: now, measured: answer(workload, request, now, now) });
    }
  }
}

const POLICIES = ["fifo", "sjf", "weighted", "aging"] as const;
const workload = paperWorkload({ seed: 3, requests: 400 });

test.each(POLICIES.flatMap((policy) =>
  (["ema", "none"] as const).flatMap((calibrator) => [
    { policy, calibrator, dispatch: { rule: "in-flight", window: 24 } as const },
    ...policy === "fifo" || policy === "sjf"
      ? [{ policy, calibrator, dispatch: { rule: "pass-through" } as const }]
      : [],
    { policy, calibrator, dispatch: { rule: "micro-batch" } as const },
  ])
))("as simulate(): $policy, calibrator $calibrator, $dispatch.rule", (cell) => {
  const scheduler = { policy: cell.policy, calibration: { calibrator: cell.calibrator } };
  const { dispatch } = cell;
  const options: SimulateOptions = dispatch.rule === "micro-batch"
    ? { scheduler }
    : { scheduler, dispatch };
  const run = simulate(workload, options);
  const live = (dispatch.rule === "micro-batch" ? againstBatches : againstEngine)(
    workload,
    { scheduler, dispatch },
  );
  const { record } = live.gateway.scheduler;
  expect(record.estimatedOutput).toEqual(run.estimatedOutput);
  expect(record.bias).toEqual(run.bias);
  expect(record.feedbackPlace).toEqual(run.feedbackPlace);
  expect(record.feedbackNew).toEqual(run.feedbackNew);
  expect(live.gateway.record.start).toEqual(run.start);
  expect(live.gateway.record.firstToken).toEqual(run.firstToken);
  expect(live.gateway.record.finish).toEqual(run.finish);
  expect(live.gateway.record.batch).toEqual(run.batch);
  expect(live.gateway.phaseStart).toEqual(run.phaseStart);
  expect(record.queuedAt).toEqual(run.arrival);

  // A journal, replayed whole, is the same state.
  const again = new LiveGateway(workload.requests, {
    servers: 1,
    options: { scheduler, dispatch },
  });
  for (const entry of live.journal) again.replay(entry);
  expect(again.scheduler.record).toEqual(record);
  expect(again.scheduler.factors()).toEqual(live.gateway.scheduler.factors());
  expect(again.record).toEqual(live.gateway.record);
});
