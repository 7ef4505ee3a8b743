import type { Exchange } from "../../../src/live/client/exchange.ts";
import type { Entry } from "../../../src/live/journal/entry.ts";
import { law } from "../support/journal-laws.ts";
import type { JournalEye } from "./journal-eye.ts";
import type { Scenario } from "./scenario.ts";
import type { Served } from "./simulated-server.ts";

interface Sent {
  readonly process: number;
  served: Served | null;
  exchange: Exchange | null;
  aborted: boolean;
  /** Bytes of it have left the process. */
  onWire: boolean;
  connection: number;
  /** The answer came when nobody was left to take it: the process was about to end or be broken off. */
  tooLate: boolean;
}

/**
 * Laws of single attempts: what a client says of an attempt is what the server did and the network
 * let through, and an answer that came is in the journal, once.
 */
export class ExchangeLaws {
  /** By `row-attempt`. */
  readonly #sent = new Map<string, Sent>();
  /** Connections on which a server has said more than it was asked: the next answer may be anything. */
  readonly #confused = new Set<number>();
  #interrupted = false;

  constructor(private readonly scenario: Scenario) {}

  onAttempt(id: string, process: number): void {
    const key = id.replace(/^simulated-/, "");
    law(!this.#sent.has(key), `attempt ${key} is made once`);
    this.#sent.set(key, {
      process,
      served: null,
      exchange: null,
      aborted: false,
      onWire: false,
      connection: -1,
      tooLate: false,
    });
  }

  onSend(key: string, connection: number): void {
    const sent = this.#sent.get(key);
    law(sent !== undefined && !sent.onWire, `attempt ${key} goes over the wire once`);
    sent!.onWire = true;
    sent!.connection = connection;
  }

  onServed(served: Served): void {
    if (served.script.more) this.#confused.add(served.connection);
    const sent = this.#sent.get(served.id);
    // What died with its process may still arrive.
    if (sent === undefined) return;
    law(sent.served === null, `a server gets attempt ${served.id} once`);
    // A redirect is followed: the same attempt comes again.
    if (served.script.kind === "redirect") sent.onWire = false;
    else sent.served = served;
  }

  onAbort(id: string): void {
    const sent = this.#sent.get(id.replace(/^simulated-/, ""));
    if (sent !== undefined) sent.aborted = true;
  }

  onInterrupt(): void {
    this.#interrupted = true;
  }

  onExchange(key: string, exchange: Exchange): void {
    const sent = this.#sent.get(key);
    if (sent === undefined) return;
    law(sent.exchange === null, `attempt ${key} ends once`);
    sent.exchange = exchange;
    sent.tooLate = this.#interrupted;
    const { outcome } = exchange;
    const { served } = sent;
    checkInstants(key, exchange);
    if (this.#confused.has(sent.connection)) return;
    if (outcome.kind === "completed") {
      law(served !== null, `attempt ${key} is completed by a server that got it`);
      const { means, kind, tokens, words } = served!.script;
      law(means !== "failure", `attempt ${key} is not completed by "${kind}"`);
      if (means !== "answer") return;
      law(served!.enough(), `attempt ${key} is not completed before its answer is there`);
      law(
        exchange.usage?.completionTokens === tokens && exchange.words === words,
        `attempt ${key} has the ${tokens} tokens and ${words} words of its answer, not ` +
          `${exchange.usage?.completionTokens} and ${exchange.words}`,
      );
      return;
    }
    const { reason } = outcome;
    law(reason !== "aborted" || sent.aborted, `attempt ${key} is aborted by its caller alone`);
    if (sent.aborted) return;
    law(
      served === null || served.script.means !== "answer" || !served.enough(),
      `attempt ${key}, whose answer ("${served?.script.kind}") has come, is completed, not ${reason}`,
    );
    this.#checkStall(key, exchange, reason);
  }

  #checkStall(key: string, { sent, ended }: Exchange, reason: string): void {
    const { firstByteSeconds = Infinity, betweenChunksSeconds } = this.scenario.client;
    const limit = reason === "stalled-first-byte"
      ? firstByteSeconds
      : reason === "stalled-between-chunks"
      ? betweenChunksSeconds
      : 0;
    const seconds = (ended - sent) / this.scenario.speed;
    law(seconds >= limit, `attempt ${key} stalls after ${limit} s and not after ${seconds} s`);
  }

  /** Attempts of a process that are not over, as `row-attempt`. */
  underWay(process: number): string[] {
    return [...this.#sent].filter(([, sent]) => sent.process === process && sent.exchange === null)
      .map(([key]) => key);
  }

  /** A process has ended by itself. @param inOrder it was not an error that ended it */
  onProcessEnd(process: number, inOrder: boolean): void {
    for (const [key, sent] of this.#sent) {
      if (sent.process !== process) continue;
      law(sent.exchange !== null, `attempt ${key} is over when its process has ended`);
      if (!inOrder) sent.tooLate = true;
    }
    this.#interrupted = false;
  }

  /** A process was killed: what was under way in it is lost, and what came last may be. */
  onDeath(process: number): void {
    for (const sent of this.#sent.values()) {
      if (sent.process === process) sent.tooLate = true;
    }
    this.#interrupted = false;
  }

  /** What a power cut has taken out of the journal may be done again. */
  onPowerCut(): void {
    for (const sent of this.#sent.values()) sent.tooLate = true;
  }

  onRebuilt(eye: JournalEye): void {
    for (const key of [...this.#sent.keys()]) {
      const [row, attempt] = key.split("-").map(Number);
      if (attempt > (eye.attempts.get(row) ?? 0)) this.#sent.delete(key);
    }
  }

  /** Each answer that came is in the journal, and nothing else is. */
  checkJournal(entries: readonly Entry[]): void {
    const completed = new Map<string, Entry>();
    const over = new Map<number, number>();
    entries.forEach((entry) => {
      if (entry.kind === "completed") {
        completed.set(`${entry.request}-${entry.attempt}`, entry);
      } else if (["failed", "rejected", "cancelled"].includes(entry.kind)) {
        over.set((entry as { request: number }).request, entry.at);
      }
    });
    for (const [key, entry] of completed) {
      const sent = this.#sent.get(key);
      law(
        sent?.exchange?.outcome.kind === "completed",
        `the journal's answer ${key} came from a server`,
      );
      const { measured } = entry as Extract<Entry, { kind: "completed" }>;
      const tokens = sent!.exchange!.usage?.completionTokens ?? null;
      law(
        tokens === null || measured.completionTokens === tokens,
        `the journal has the tokens of ${key}`,
      );
    }
    this.#checkHolds(entries);
    for (const [key, { exchange, tooLate }] of this.#sent) {
      if (exchange?.outcome.kind !== "completed" || tooLate) continue;
      const end = over.get(Number(key.split("-")[0]));
      const givenUp = end !== undefined && end <= exchange.ended + 0.5 * this.scenario.speed;
      law(completed.has(key) || givenUp, `the answer to ${key}, which came, is in the journal`);
    }
  }

  /** A server that asked to be left alone in numbers is, as far as the run's options let it. */
  #checkHolds(entries: readonly Entry[]): void {
    const most = this.scenario.gateway.health!.giveUpSeconds!;
    const holds = entries.filter((entry) => entry.kind === "hold");
    for (const [i, entry] of entries.entries()) {
      if (entry.kind !== "retry") continue;
      // A process that died meanwhile wrote no more of it, and the next one gives every server a chance.
      if (entries[i + 1]?.kind === "session") continue;
      const sent = this.#sent.get(`${entry.request}-${entry.attempt}`);
      const { retryAfter } = sent?.served?.script ?? { retryAfter: null };
      if (retryAfter === null || retryAfter === 0 || this.#confused.has(sent!.connection)) continue;
      // Of an answer that breaks within its body, the break is told.
      if (sent!.exchange?.status !== sent!.served!.script.status) continue;
      if (!entry.reason.startsWith("http-")) continue;
      const until = entry.at + Math.min(retryAfter, most);
      law(
        holds.some((hold) =>
          hold.server === sent!.served!.server && Math.abs(hold.until - until) < 1e-6
        ),
        `a server that asks for ${retryAfter} s is left alone until ${until}`,
      );
      law(entry.due >= until - 1e-6, `request ${entry.request} waits as long as its server asks`);
    }
  }
}

function checkInstants(key: string, exchange: Exchange): void {
  const { sent, headers, firstToken, lastToken, ended } = exchange;
  let before = -Infinity;
  for (const instant of [sent, headers, firstToken, lastToken, ended]) {
    if (Number.isNaN(instant)) continue;
    law(instant >= before, `attempt ${key}: sent ≤ headers ≤ first token ≤ last token ≤ ended`);
    before = instant;
  }
}
