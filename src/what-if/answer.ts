import type { Premise } from "../servers/describe-sized-server.ts";
import type { Measure } from "./measures.ts";
import type { ServicePromise } from "./service-promise.ts";

/** A number with the interval in which it is expected; null: nobody knows. */
export interface Doubted {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Numbers of somebody's requests under an alternative, and how they change against as it was. */
export interface GroupAnswer {
  readonly group: string;
  readonly kind: "all" | "tenant" | "tier" | "answer length";
  readonly requests: number;
  readonly measures: Readonly<Record<Measure, Doubted>>;
  /** Relative changes (−0.4 is 40 % less), paired: the same requests on the same servers. */
  readonly changes: Readonly<Record<Measure, Doubted>>;
  /**
   * By the change of the mean E2E: `gains` or `pays` where the whole interval does, `same` where it lies
   * within 1 %, else `open`.
   */
  readonly verdict: "gains" | "pays" | "same" | "open";
}

/** What an alternative comes to. */
export interface AlternativeAnswer {
  readonly name: string;
  readonly policy: string;
  readonly estimator: string;
  readonly dispatch: string;
  readonly servers: number;
  /** Requests that the server would refuse, because they are too long for its context. */
  readonly refused: number;
  readonly all: GroupAnswer;
  readonly groups: readonly GroupAnswer[];
  /**
   * Whether the promise is met: `yes` or `no` where the whole interval says so, `likely` or `unlikely`
   * where the interval holds both; null without a promise.
   */
  readonly meets: "yes" | "likely" | "unlikely" | "no" | null;
  /** Whether anybody can do this: nobody knows answers before they are there. */
  readonly possible: boolean;
}

/** A number that the log measured, and what the simulation of it as it was says. */
export interface MeasuredBeside extends Doubted {
  readonly measured: number;
  /** (simulated − measured) / measured */
  readonly error: number;
  readonly inside: boolean;
}

/** What {@link whatIf} comes to: plain data, so that a file can hold it. Seconds unless said otherwise. */
export interface WhatIfAnswer {
  readonly log: {
    readonly source: string;
    readonly format: string;
    readonly recognised: string | null;
    readonly requests: number;
    /** Requests of the log without an answer. */
    readonly unserved: number;
    readonly span_s: number;
    readonly requests_per_s: number;
    readonly prompt_tokens_mean: number;
    readonly output_tokens_mean: number;
    readonly tenants: number;
    readonly tiers: number;
    readonly categories: number;
    /** What its reader took for granted. */
    readonly assumptions: readonly string[];
  };
  readonly server: {
    readonly name: string;
    /** What its numbers rest on, where it was computed from a model and a card. */
    readonly premises: readonly Premise[];
    /** What of the intervals was not measured on this server. */
    readonly assumed: readonly string[];
  };
  readonly promise: ServicePromise | null;
  readonly level: number;
  readonly draws: number;
  readonly seed: number;
  /** Seconds of a block in which the log was resampled; 0: request by request. */
  readonly block_s: number;
  /** The simulation of the log as it was beside what it measured; null where it measured nothing. */
  readonly as_measured: Readonly<Partial<Record<Measure, MeasuredBeside>>> | null;
  /** The first is as it was; the others are compared with it. */
  readonly alternatives: readonly AlternativeAnswer[];
  /** The cheapest alternative that meets the promise, by name; `sure` where the whole interval does. */
  readonly cheapest: { readonly name: string; readonly sure: boolean } | null;
  /** What a simulation of a log cannot know. */
  readonly limits: readonly string[];
}
