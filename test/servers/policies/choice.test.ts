import { describe, expect, test } from "vitest";
import * as z from "zod";
import { InputError } from "../../../src/errors/input-error.ts";
import { parseWith } from "../../../src/errors/parse-with.ts";
import { ServerConfig } from "../../../src/servers/continuous/config.ts";
import { serve } from "../../../src/servers/continuous/serve.ts";
import { fcfs } from "../../../src/servers/policies/fcfs.ts";
import { OrderedQueue } from "../../../src/servers/policies/ordered-queue.ts";
import { SERVER_POLICIES } from "../../../src/servers/policies/registry.ts";
import type {
  ServerPolicyDefinition,
  ServerView,
} from "../../../src/servers/policies/server-policy.ts";
import { shortestPrompt } from "./support/throwaway-policies.ts";

const SERVER = { max_model_len: 100, num_gpu_blocks: 100, max_num_seqs: 1 };
const UNIT = {
  name: "unit",
  source: "test",
  base: new Float64Array(2).fill(1),
  perContextToken: new Float64Array(2),
  perPrefillToken: 0,
  perRequest: 0,
};
const WORKLOAD = {
  arrival: Float64Array.of(0, 0, 0),
  promptTokens: Int32Array.of(30, 20, 10),
  outputTokens: Int32Array.of(2, 2, 2),
};

const parse = (scheduling_policy: unknown) =>
  parseWith(ServerConfig, { ...SERVER, scheduling_policy }, "server.json");

/** Requests in order of their first scheduling. */
function orderUnder(scheduling_policy: ServerPolicyDefinition | string): number[] {
  const { scheduled } = serve(WORKLOAD, { ...SERVER, scheduling_policy }, { cost: UNIT });
  return [0, 1, 2].sort((a, b) => scheduled[a] - scheduled[b]);
}

test("a policy is chosen by name, by name with options, or brought along", () => {
  expect(parse("priority").scheduling_policy).toBe("priority");
  expect(parse({ name: "priority" }).scheduling_policy).toBe("priority");
  expect(parse(fcfs).scheduling_policy).toBe("fcfs");
  expect(orderUnder("fcfs")).toEqual([0, 1, 2]);
  expect(orderUnder(shortestPrompt)).toEqual([2, 1, 0]);
});

test("what was parsed can be parsed again, and its JSON names the policy", () => {
  for (const policy of ["priority", { name: "fcfs", options: {} }, shortestPrompt]) {
    const once = parse(policy).scheduling_policy;
    expect(parse(once).scheduling_policy).toEqual(once);
    expect(JSON.stringify(parse(once))).toBe(JSON.stringify(parse(policy)));
  }
  expect(JSON.parse(JSON.stringify(parse(shortestPrompt))).scheduling_policy)
    .toBe("shortest-prompt");
  expect(`${parse(shortestPrompt).scheduling_policy}`).toBe("shortest-prompt");
});

test("a policy that was added to the registry is known by name until it is taken out", () => {
  const backwards: ServerPolicyDefinition = {
    name: "by-number",
    title: "By number",
    options: z.strictObject({ sign: z.literal([1, -1]).default(1) }),
    create: (_view, options) => ({
      ...fcfs.create({} as ServerView, {}),
      queue: () => new OrderedQueue((request) => (options as { sign: number }).sign * request),
    }),
  };
  const takeOut = SERVER_POLICIES.add(backwards);
  try {
    expect(orderUnder("by-number")).toEqual([0, 1, 2]);
    const { scheduled } = serve(WORKLOAD, {
      ...SERVER,
      scheduling_policy: { name: "by-number", options: { sign: -1 } },
    }, { cost: UNIT });
    expect(scheduled[2]).toBe(0);
    expect(() => parse({ name: "by-number", options: { sign: 2 } }))
      .toThrow(/scheduling_policy\.options\.sign/);
  } finally {
    takeOut();
  }
  expect(() => parse("by-number")).toThrow(InputError);
});

describe("a bad choice is refused with what would do", () => {
  test.each([
    ["an unknown name", "sjf", /scheduling_policy: got "sjf", expected one of fcfs, priority$/],
    ["an unknown name with options", { name: "sjf" }, /expected one of fcfs, priority/],
    ["an unknown option", { name: "fcfs", options: { k: 1 } }, /scheduling_policy\.options\.k/],
    ["a misspelt key", { name: "fcfs", option: {} }, /scheduling_policy\.option/],
    ["a definition without a name", { name: "", create: () => null }, /scheduling_policy\.name/],
    ["a definition that makes nothing", { name: "fcfs", create: 1 }, /scheduling_policy\.create/],
    ["a number", 7, /scheduling_policy: got 7/],
  ])("%s", (_, choice, message) => {
    expect(() => parse(choice)).toThrow(InputError);
    expect(() => parse(choice)).toThrow(message);
  });
});

describe("a policy whose answer is no answer is refused by name of the method", () => {
  const answering = (answers: object): ServerPolicyDefinition => ({
    name: "wrong",
    create: (view) => ({ ...fcfs.create(view, {}), victimIsLast: false, ...answers }),
  });
  const tight = {
    ...SERVER,
    max_num_seqs: 2,
    num_gpu_blocks: 8,
    scheduler_reserve_full_isl: false,
  };
  const long = {
    arrival: Float64Array.of(0, 0, 0),
    promptTokens: Int32Array.of(45, 45, 45),
    outputTokens: Int32Array.of(40, 40, 40),
  };
  const cost = { ...UNIT, base: new Float64Array(3).fill(1), perContextToken: new Float64Array(3) };

  test.each([
    ["victim", { victim: () => 5 }, /server policy, field victim: got 5/],
    ["evicts", { evicts: () => 1.5 }, /server policy, field evicts: got 1.5/],
    ["stableSteps", { stableSteps: () => 0 }, /server policy, field stableSteps: got 0/],
  ])("%s", (_, answers, message) => {
    const run = () => serve(long, { ...tight, scheduling_policy: answering(answers) }, { cost });
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  });
});

test("what a policy sees has no true output length in it, by type and at run time", () => {
  let seen: ServerView | undefined;
  const curious: ServerPolicyDefinition = {
    name: "curious",
    create(view) {
      seen = view;
      // @ts-expect-error there is no such field
      expect(view.outputTokens).toBeUndefined();
      return fcfs.create(view, {});
    },
  };
  const maxTokens = Int32Array.of(50, 50, 50);
  const outputTokens = Int32Array.of(7, 8, 9);
  serve({ ...WORKLOAD, outputTokens, maxTokens }, { ...SERVER, scheduling_policy: curious }, {
    cost: UNIT,
  });
  const columns = Object.values(seen!).filter((value) => value instanceof Int32Array);
  expect(columns.length).toBeGreaterThan(2);
  for (const column of columns) expect([...column]).not.toEqual([...outputTokens]);
});
