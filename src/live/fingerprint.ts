import { sha256 } from "../files/sha256.ts";
import { InputError } from "../errors/input-error.ts";
import type { KeywordRules } from "../estimation/keyword-classifier.ts";
import { GatewayOptions } from "../gateway/gateway-options.ts";
import {
  parseSchedulerOptions,
  recordOfScheduler,
  type SchedulerRecordOptions,
} from "../gateway/options.ts";
import { isVersion1, upgradeSchedulerOptions } from "../gateway/options-version-1.ts";
import { recordOf } from "../registry/choice.ts";
import type { Labels, Workload } from "../workload/workload.ts";
import { type Header, JOURNAL_FORMAT, JOURNAL_VERSION } from "./journal/entry.ts";

/** A server of a run, without anything secret. */
export interface ServerIdentity {
  readonly url: string;
  readonly model: string;
}

function bytesOf(column: ArrayBufferView): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/**
 * A hash over everything in a workload that a live run depends on: equal exactly where the columns
 * and the prompts are. Not over its name and provenance, which can say the same in other words.
 */
export async function workloadHash({ requests, truth }: Workload): Promise<string> {
  const labels = ({ codes, names }: Labels) => [names, Array.from(codes)];
  const { promptText, promptBlocks, size } = requests;
  const plain = JSON.stringify({
    size,
    phases: requests.phases.map(({ name, first, afterDrainSeconds }) => [
      name,
      first,
      afterDrainSeconds,
    ]),
    labels: [requests.tenant, requests.tier, requests.category].map(labels),
    texts: promptText && Array.from({ length: size }, (_, row) => promptText(row)),
    // The ids that are sent follow from them.
    blocks: promptBlocks && [
      promptBlocks.tokensPerBlock,
      ...[promptBlocks.offsets, promptBlocks.values, promptBlocks.tokens, promptBlocks.answers]
        .map((column) => column && Array.from(column)),
    ],
    absent: [requests.promptWords === undefined, truth.outputWords === undefined],
  });
  const columns = [
    requests.arrival,
    requests.maxTokens,
    requests.promptTokens,
    requests.promptWords ?? new Int32Array(0),
    truth.outputTokens,
    truth.outputWords ?? new Int32Array(0),
  ].map(bytesOf);
  const parts = [new TextEncoder().encode(plain), ...columns];
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return await sha256(all);
}

/** The header of a run's journal: its name is a hash of workload, options and servers. */
export async function headerOf(
  workload: Workload,
  options: Record<string, unknown>,
  servers: readonly ServerIdentity[],
): Promise<Header> {
  // Through JSON, so that what is compared is what a file can hold.
  const value = JSON.parse(JSON.stringify(options)) as Header["options"]["value"];
  const [workloadSum, optionsSum] = await Promise.all([
    workloadHash(workload),
    sha256(JSON.stringify(value)),
  ]);
  const identities = servers.map(({ url, model }) => ({ url, model }));
  const run = await sha256([workloadSum, optionsSum, JSON.stringify(identities)].join("\n"));
  return {
    kind: "run",
    format: JOURNAL_FORMAT,
    version: JOURNAL_VERSION,
    run: run.slice(0, 16),
    workload: { name: workload.name, size: workload.requests.size, sha256: workloadSum },
    options: { sha256: optionsSum, value },
    servers: identities,
  };
}

/**
 * What a journal's header says of its run in the present shape: journals of version 1 hold the
 * scheduler's options in an older one, without the rules of their classifier, and know no router.
 */
function presentOptions(found: Header, wanted: Header): Header["options"]["value"] {
  const { value } = found.options;
  if (!isVersion1(value.scheduler)) return value;
  const { estimator } = wanted.options.value.scheduler as unknown as SchedulerRecordOptions;
  const upgraded = upgradeSchedulerOptions(
    value.scheduler,
    estimator.options.keywords as KeywordRules | undefined,
  );
  const { router, arrivals } = GatewayOptions.parse({});
  return JSON.parse(JSON.stringify({
    arrivals,
    router: recordOf(router),
    ...value,
    scheduler: recordOfScheduler(parseSchedulerOptions(upgraded)),
  }));
}

/** Refuses to go on with the journal of another run, and says what differs. */
export function assertSameRun(found: Header, wanted: Header, file: string): void {
  if (found.run === wanted.run) return;
  const differs = (field: string, was: unknown, is: unknown) => ({
    file,
    row: 1,
    field,
    value: was,
    expected: `${
      JSON.stringify(is)
    }, as in the present options; this journal belongs to another run`,
  });
  const problems = [];
  if (found.workload.sha256 !== wanted.workload.sha256) {
    const { name, size, sha256 } = wanted.workload;
    problems.push(differs("workload", found.workload, { name, size, sha256 }));
  }
  const foundOptions = presentOptions(found, wanted);
  const keys = new Set([...Object.keys(foundOptions), ...Object.keys(wanted.options.value)]);
  for (const key of keys) {
    const was = foundOptions[key], is = wanted.options.value[key];
    if (!isEqual(was, is)) problems.push(differs(`options.${key}`, was ?? null, is ?? null));
  }
  const servers = (header: Header) => header.servers.map(({ url, model }) => `${url}=${model}`);
  if (servers(found).join() !== servers(wanted).join()) {
    problems.push(differs("servers", servers(found), servers(wanted)));
  }
  if (problems.length > 0) throw new InputError(problems);
}

/** Whether two values of JSON are the same, in whatever order their keys stand. */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key as never], b[key as never]));
}
