import { isDeepStrictEqual } from "node:util";
import type { Exchange } from "../../../src/live/client/exchange.ts";
import type { CompletionRequest } from "../../../src/live/client/completion-request.ts";
import type { Entry, Header } from "../../../src/live/journal/entry.ts";
import { readJournal } from "../../../src/live/journal/read-journal.ts";
import type { JournaledGateway } from "../../../src/live/journaled-gateway.ts";
import type { LiveClock } from "../../../src/live/live-clock.ts";
import { OPEN } from "../../../src/gateway/gateway-state.ts";
import { substream } from "../../../src/random/substream.ts";
import { readRunJson } from "../../../src/runs/read-run-json.ts";
import { writeRunJson } from "../../../src/runs/run-json.ts";
import { runOfGateway } from "../../../src/simulation/run-of-gateway.ts";
import { writeRequestsCsv } from "../../../src/live/requests-csv.ts";
import { readTrace } from "../../../src/traces/read-trace.ts";
import type { Workload } from "../../../src/workload/workload.ts";
import { BrokenLaw, checkLaws, law } from "../support/journal-laws.ts";
import { PowerCutDisk } from "../support/power-cut-disk.ts";
import { ExchangeLaws } from "./exchange-laws.ts";
import { JournalEye } from "./journal-eye.ts";
import { type ProgramOptions, runProgram } from "./program.ts";
import { type Incident, type Scenario, scenarioOf } from "./scenario.ts";
import { ProcessDisk } from "./simulated-disk.ts";
import { LATEST_TIMER, SimulatedMachine } from "./simulated-machine.ts";
import { SimulatedNetwork } from "./simulated-network.ts";
import { SimulatedServer } from "./simulated-server.ts";

/** What is simulated, and what is written down of it. */
export interface SimulationOptions {
  /** The program that is put to the test. @default the real one */
  readonly program?: (options: ProgramOptions) => Promise<boolean>;
  /** Whether each happening is written down. @default false */
  readonly trace?: boolean;
}

/** How a simulated run came out. */
export interface SimulationResult {
  readonly seed: number;
  /** The law that was broken, in words; null: none. */
  readonly broken: string | null;
  /** `refused`: a power cut left a journal that the program would not go on with, and said so. */
  readonly outcome: "ended" | "refused" | "broken";
  /** Simulated seconds, happenings and processes that it took. */
  readonly seconds: number;
  readonly happenings: number;
  readonly processes: number;
  /** Requests by how they ended. Shape (4): completed, failed, rejected, cancelled. */
  readonly counts: readonly number[];
  /** What happened, line by line; empty unless asked for. */
  readonly trace: readonly string[];
  /** The journal at the end. */
  readonly journal: Uint8Array;
}

const PATH = "/runs/one/journal.jsonl";
/** No run takes so many happenings, or so many simulated seconds. */
const MOST_HAPPENINGS = 120_000;
const LONGEST = 3000;
/** Milliseconds in which what a finished call leaves is closed. */
const LONGEST_CLOSING = 1100;
/** Milliseconds that a server may be taken for dead when it is well again: a probe in vain, and a pause. */
const LONGEST_PROBING = 14_000;

/** Simulates one live run under the faults of a seed, and holds it against the laws. */
export async function simulateLive(
  seed: number,
  options: SimulationOptions = {},
): Promise<SimulationResult> {
  const simulation = new Simulation(scenarioOf(seed), options);
  return await simulation.run();
}

/** How a process came to its end. */
type Ending =
  | { readonly how: "returned"; readonly ended: boolean }
  | { readonly how: "threw"; readonly error: Error }
  | { readonly how: "killed" | "power cut" };

class Simulation {
  readonly #scenario: Scenario;
  readonly #options: SimulationOptions;
  readonly #machine: SimulatedMachine;
  readonly #network: SimulatedNetwork;
  readonly #servers: SimulatedServer[];
  readonly #trace: string[] = [];
  readonly #random;
  readonly #header: Header;
  readonly #eye: JournalEye;
  readonly #exchanges: ExchangeLaws;
  #disk: PowerCutDisk;
  #calm = false;
  #hadPowerCut = false;
  #processes = 0;
  /** Entries that a process has acted on: with `always` no power cut takes them away. */
  #actedOn = 0;
  #incident: "kill" | "power cut" | null = null;
  #abort = new AbortController();
  #gateway: JournaledGateway | null = null;
  #clock: LiveClock | null = null;
  #due = Infinity;
  #stopped = false;
  #frozenAt = -Infinity;
  #uncaught: unknown[] = [];
  /** The first law that was seen to be broken from within the program, which must not catch it. */
  #broken: BrokenLaw | null = null;
  /** What the last process knew when it died between two happenings. */
  #remembered: unknown = null;
  #clockSet: { readonly process: number; readonly at: number; readonly by: number } | null = null;

  constructor(scenario: Scenario, options: SimulationOptions) {
    this.#scenario = scenario;
    this.#options = options;
    const { seed, servers, workload, gateway } = scenario;
    this.#random = substream(seed, "incidents");
    this.#machine = new SimulatedMachine(substream(seed, "timers"));
    this.#disk = new PowerCutDisk(this.#nextCut());
    this.#eye = new JournalEye(() => this.#disk.contentOf(PATH));
    this.#exchanges = new ExchangeLaws(scenario);
    this.#network = new SimulatedNetwork(
      this.#machine,
      substream(seed, "network"),
      scenario.network,
      {
        onSend: (...sent) => this.#see(() => this.#onSend(...sent)),
        trace: (line) => this.#note(line),
      },
    );
    this.#servers = Array.from(
      { length: servers },
      (_, number) =>
        new SimulatedServer(this.#machine, {
          number,
          seed,
          faults: scenario.faults,
          pause: scenario.pause,
          chat: scenario.chat,
          promptTokens: workload.requests.promptTokens,
          outputTokens: workload.truth.outputTokens,
          onServed: (served) => {
            this.#note(`server ${number} gets ${served.id}: ${served.script.kind}`);
            this.#exchanges.onServed(served);
          },
        }),
    );
    this.#servers.forEach((server, number) => this.#network.hosts.set(`server-${number}`, server));
    this.#header = {
      kind: "run",
      format: "driftsched journal",
      version: 2,
      run: "simulated",
      workload: { name: workload.name, size: workload.requests.size, sha256: String(seed) },
      options: { sha256: "", value: { seed, dispatch: { ...gateway.dispatch } } },
      servers: this.#servers.map((_, i) => ({ url: `http://server-${i}:8000`, model: "m" })),
    };
  }

  async run(): Promise<SimulationResult> {
    const putBack = [this.#machine.install(), this.#network.install(), this.#catchUncaught()];
    let broken: string | null = null;
    let outcome: "ended" | "refused" | "broken" = "broken";
    try {
      this.#scheduleIncidents();
      outcome = await this.#toTheEnd();
      if (outcome === "ended") await this.#checkEnd();
    } catch (error) {
      outcome = "broken";
      broken = error instanceof BrokenLaw ? error.message : describe(error);
    } finally {
      this.#machine.process.kill();
      await this.#machine.settle();
      for (const back of putBack.reverse()) back();
    }
    return {
      seed: this.#scenario.seed,
      broken,
      outcome,
      seconds: this.#machine.now / 1000,
      happenings: this.#machine.happened,
      processes: this.#processes,
      counts: this.#gateway === null ? [] : [...this.#gateway.record.counts],
      trace: this.#trace,
      journal: this.#disk.contentOf(PATH)?.slice() ?? new Uint8Array(0),
    };
  }

  async #toTheEnd(): Promise<"ended" | "refused"> {
    for (;;) {
      const ending = await this.#process();
      this.#note(`process ${this.#processes} ends: ${ending.how}`);
      if (ending.how === "returned" && ending.ended) return "ended";
      if (ending.how === "threw" && this.#isRefusal(ending.error)) return "refused";
      law(this.#processes < 60, "a run ends after some processes");
      await this.#pass(this.#random.next() < 0.5 ? 0 : 2000 * this.#random.next());
    }
  }

  /** Runs one process to its end. */
  async #process(): Promise<Ending> {
    const { scenario, machine, process, disk } = this.#newProcess();
    let ending: Ending | null = null;
    this.#abort = new AbortController();
    this.#incident = null;
    this.#gateway = this.#clock = null;
    this.#due = Infinity;
    const program = this.#options.program ?? runProgram;
    // What still runs of a process that is dead is seen by nobody.
    const see = (look: () => void) => {
      if (process.alive) this.#see(look);
    };
    program({
      requests: scenario.workload.requests,
      header: this.#header,
      gateway: scenario.gateway,
      client: scenario.client,
      speed: scenario.speed,
      sync: scenario.sync,
      path: PATH,
      disk,
      machine: machine.timeOf(process),
      signal: this.#abort.signal,
      callOf: (row, id) => this.#callOf(row, id),
      observer: {
        onRebuilt: (gateway, entries) => see(() => this.#onRebuilt(gateway, entries)),
        onBegun: (gateway, clock) => {
          this.#gateway = gateway;
          this.#clock = clock;
        },
        onTurn: (now) => see(() => this.#onTurn(now)),
        onAttempt: (id) => see(() => this.#exchanges.onAttempt(id, this.#processes)),
        onAbort: (id) => see(() => this.#exchanges.onAbort(id)),
        onExchange: (id, exchange) => see(() => this.#onExchange(id, exchange)),
      },
    }).then(
      (ended) => ending = { how: "returned", ended },
      (error) => ending = { how: "threw", error },
    );
    for (;;) {
      await machine.settle();
      if (this.#broken !== null) throw this.#broken;
      law(this.#uncaught.length === 0, `nothing is uncaught: ${describe(this.#uncaught[0])}`);
      if (ending !== null || !process.alive || this.#incident !== null) break;
      this.#checkStanding();
      law(machine.next < Infinity, "a run does not stand still");
      law(
        machine.happened < MOST_HAPPENINGS && machine.now < 1000 * LONGEST,
        `a run ends, and not only after ${machine.happened} happenings and ${
          Math.round(machine.now / 1000)
        } s`,
      );
      machine.step();
    }
    const known = this.#endOf(ending, process.alive);
    if (known.how === "returned" || known.how === "threw") {
      this.#exchanges.onProcessEnd(this.#processes, known.how === "returned");
    } else this.#exchanges.onDeath(this.#processes);
    this.#remember(known, process.alive);
    if (known.how === "returned") {
      this.#checkClockSet();
      await this.#pass(LONGEST_CLOSING);
      // A connection that is idle is closed by a timer of the platform's socket, which is not simulated.
      law(
        process.timers.size === 0,
        `no timer is left of a process that has ended: ${process.timers.size}`,
      );
    }
    process.kill();
    disk.over();
    this.#network.abandon();
    if (known.how === "threw") this.#checkError(known.error, disk);
    if (known.how === "power cut") this.#cutPower();
    await machine.settle();
    return known;
  }

  #newProcess() {
    const scenario = this.#scenario, machine = this.#machine;
    const process = machine.start();
    const number = this.#processes++;
    const { disk: faults } = scenario;
    const at = (calls: readonly number[]) => this.#calm ? Infinity : calls[number] ?? Infinity;
    const disk = new ProcessDisk(this.#disk, {
      random: this.#random,
      shortWrites: faults.shortWrites,
      killAt: at(faults.killAt),
      fullFrom: at(faults.fullFrom),
      onCall: (what) => this.#note(`disk: ${what}`),
      onKilled: () => process.kill(),
    });
    this.#note(`process ${number + 1} starts`);
    return { scenario, machine, process, disk };
  }

  #endOf(ending: Ending | null, alive: boolean): Ending {
    if (ending?.how === "threw" && ending.error.name === "PowerCut") return { how: "power cut" };
    if (!alive || ending === null) {
      return { how: this.#incident === "power cut" ? "power cut" : "killed" };
    }
    return ending;
  }

  /** Lets simulated time pass while no process runs. */
  async #pass(milliseconds: number): Promise<void> {
    const machine = this.#machine;
    for (const until = machine.now + milliseconds; machine.next <= until;) {
      machine.step();
      await machine.settle();
    }
  }

  #scheduleIncidents(): void {
    const machine = this.#machine, { incidents, calmAt } = this.#scenario;
    for (const incident of incidents) machine.at(incident.at, () => this.#happens(incident));
    machine.at(calmAt, () => {
      this.#note("from here on all is well");
      this.#calm = this.#network.calm = true;
      for (const server of this.#servers) {
        server.calm = true;
        server.recover();
      }
    });
  }

  #happens(incident: Incident): void {
    this.#note(`${incident.what} at ${incident.at.toFixed(3)}`);
    const machine = this.#machine;
    switch (incident.what) {
      case "server dies": {
        const server = this.#servers[incident.server];
        server.die();
        machine.after(incident.for, () => server.recover());
        return;
      }
      case "kill":
      case "power cut":
        this.#incident = incident.what;
        return;
      case "interrupt":
        this.#exchanges.onInterrupt();
        return this.#abort.abort();
      case "clock set":
        this.#clockSet = { process: this.#processes, at: machine.now, by: incident.by / 1000 };
        return machine.setWall(incident.by);
      case "freeze":
        machine.freeze(incident.for);
        this.#frozenAt = machine.now;
    }
  }

  #callOf(row: number, id: string): CompletionRequest {
    const { workload, chat } = this.#scenario;
    const common = { id, model: "m", maxTokens: workload.truth.outputTokens[row] };
    return chat
      ? { ...common, endpoint: "chat", messages: [{ role: "user", content: `row ${row}` }] }
      : { ...common, endpoint: "completions", prompt: `row ${row}` };
  }

  /** Bytes leave a process: what they ask for stands in the journal on the disk. */
  #onSend(host: string, bytes: Uint8Array, connection: number): void {
    const id = /x-request-id: simulated-(\d+)-(\d+)\r\n/i.exec(new TextDecoder().decode(bytes));
    if (id === null) return;
    const [row, attempt] = [Number(id[1]), Number(id[2])];
    const eye = this.#eye;
    eye.look();
    this.#actedOn = eye.entries.length;
    this.#note(`sends ${row}-${attempt} to ${host}`);
    law(!eye.accepted.has(row), `request ${row} is not sent again after its answer was accepted`);
    law(
      eye.attempts.get(row) === attempt && eye.open.get(row) === Number(host.split("-")[1]),
      `attempt ${attempt} of request ${row} stands in the journal before it is sent to ${host}`,
    );
    this.#exchanges.onSend(`${row}-${attempt}`, connection);
  }

  #onTurn(now: number): void {
    const gateway = this.#gateway!;
    // All servers have been well for long enough to say so to a probe.
    law(
      gateway.state.stopping !== "no-server" || gateway.ended ||
        this.#machine.now < this.#scenario.calmAt + LONGEST_PROBING || this.#stopped,
      "no run is given up for want of servers that are there",
    );
    this.#stopped = gateway.state.stopping !== null;
    this.#due = gateway.ended ? Infinity : gateway.nextTimer(now);
    const { scheduler, pool } = gateway;
    if (this.#scenario.gateway.dispatch!.rule === "micro-batch" || gateway.ended) return;
    law(
      scheduler.waiting === 0 || !pool.anyTakes(now),
      `no place is free while ${scheduler.waiting} wait, at ${now}`,
    );
  }

  #onExchange(id: string, exchange: Exchange): void {
    this.#note(
      `${id}: ${exchange.outcome.kind === "failed" ? exchange.outcome.reason : "completed"}`,
    );
    this.#exchanges.onExchange(id.replace(/^simulated-/, ""), exchange);
  }

  /**
   * Between two happenings: nothing that was due is still to be done, and the attempts that the gateway
   * counts as open are those that are under way.
   */
  #checkStanding(): void {
    const machine = this.#machine, clock = this.#clock;
    if (clock === null || machine.next <= machine.now || this.#abort.signal.aborted) return;
    if (machine.now < this.#frozenAt + LATEST_TIMER + 5) return;
    const late = (clock.now() - this.#due) / this.#scenario.speed;
    law(1000 * late <= LATEST_TIMER + 5, `what is due at ${this.#due} is done by ${clock.now()}`);
    const { where, record, pool } = this.#gateway!.state;
    const underWay = this.#exchanges.underWay(this.#processes);
    const known = underWay.every((key) => {
      const [row, attempt] = key.split("-").map(Number);
      return where[row] === OPEN && record.attempts[row] === attempt;
    });
    law(
      known && underWay.length === pool.openInAll,
      `the ${pool.openInAll} attempts that are open are those under way: ${underWay}`,
    );
  }

  /** A new process has read the journal: it knows what the one before knew. */
  #onRebuilt(gateway: JournaledGateway, entries: readonly Entry[]): void {
    this.#eye.again();
    this.#exchanges.onRebuilt(this.#eye);
    law(isDeepStrictEqual(entries.length, this.#eye.entries.length), "all whole lines are read");
    if (this.#remembered === null) return;
    law(
      isDeepStrictEqual(knowledgeOf(gateway), this.#remembered),
      "a process that takes a run up knows what the one before knew",
    );
  }

  #remember(ending: Ending, alive: boolean): void {
    const gateway = this.#gateway;
    // Of a process that dies within a write, nobody knows how much of it was written.
    const between = alive && this.#incident === "kill" && ending.how === "killed" ||
      ending.how === "returned";
    this.#remembered = gateway === null || !between ? null : structuredClone(knowledgeOf(gateway));
  }

  #cutPower(): void {
    this.#hadPowerCut = true;
    const { sync } = this.#scenario;
    this.#disk = this.#disk.afterCut(this.#random, this.#nextCut());
    const content = this.#disk.contentOf(PATH);
    this.#exchanges.onPowerCut();
    if (sync !== "always") {
      this.#actedOn = 0;
      return;
    }
    const kept = content === null ? 0 : readJournal(content, PATH)?.entries.length ?? 0;
    law(
      kept >= this.#actedOn,
      `with --sync always a power cut takes nothing away that was acted on: ${kept} of ${this.#actedOn}`,
    );
  }

  #nextCut(): number {
    const { cutAt } = this.#scenario.disk;
    return this.#calm ? Infinity : cutAt[this.#processes] ?? Infinity;
  }

  /** A journal that a power cut has left, and that is not gone on with. */
  #isRefusal(error: Error): boolean {
    return error.name === "InputError" && this.#hadPowerCut && this.#scenario.sync !== "always";
  }

  #checkError(error: Error, disk: ProcessDisk): void {
    const told = error.name === "EnvironmentError" && disk.refused && error.message.includes(PATH);
    law(told || this.#isRefusal(error), `a process ends with a reason: ${describe(error)}`);
  }

  async #checkEnd(): Promise<void> {
    const { workload, gateway, servers } = this.#scenario;
    const bytes = this.#disk.contentOf(PATH)!;
    const { entries, tail } = readJournal(bytes, PATH)!;
    law(tail === null, "a finished journal is whole");
    const again = checkLaws(workload, entries, { gateway, servers });
    law(again.ended, "a finished journal says that the run has ended");
    const now = this.#gateway;
    if (now !== null) {
      law(isDeepStrictEqual(knowledgeOf(again), knowledgeOf(now)), "a journal rebuilds the state");
    }
    this.#exchanges.checkJournal(entries);
    // Files cost as much as the run itself.
    if (this.#scenario.seed % 4 === 0) await checkFiles(workload, again, this.#header);
    this.#checkNotes(entries);
  }

  #checkNotes(entries: readonly Entry[]): void {
    const { incidents } = this.#scenario;
    const notes = entries.filter((entry) => entry.kind === "note");
    const set = incidents.some(({ what }) => what === "clock set");
    const frozen = incidents.some(({ what }) => what === "freeze");
    law(
      notes.every(({ what }) => what === "wall-clock-jump" ? set : frozen),
      "nothing is noted of clocks that go as they should",
    );
  }

  /** Clocks are looked at once a second; what is seen stands in the journal when the process ends. */
  #checkClockSet(): void {
    const jump = this.#clockSet;
    if (jump === null || Math.abs(jump.by) < 0.6 || this.#processes !== jump.process) return;
    const frozen = this.#scenario.incidents.some(({ what }) => what === "freeze");
    if (this.#machine.now < jump.at + 1100 || frozen || this.#clock === null) return;
    this.#eye.look();
    law(
      this.#eye.entries.some((entry) =>
        entry.kind === "note" && Math.abs(entry.seconds - jump.by) < 0.5
      ),
      `a change of the system's clock by ${jump.by} s is noted`,
    );
  }

  #catchUncaught(): () => void {
    const take = (event: Event) => {
      event.preventDefault();
      this.#uncaught.push((event as PromiseRejectionEvent).reason ?? (event as ErrorEvent).error);
    };
    globalThis.addEventListener("error", take);
    globalThis.addEventListener("unhandledrejection", take);
    return () => {
      globalThis.removeEventListener("error", take);
      globalThis.removeEventListener("unhandledrejection", take);
    };
  }

  #see(look: () => void): void {
    try {
      look();
    } catch (error) {
      if (!(error instanceof BrokenLaw)) throw error;
      this.#broken ??= error;
    }
  }

  #note(line: string): void {
    if (this.#options.trace) this.#trace.push(`${this.#machine.now.toFixed(4)} ${line}`);
  }
}

/** The files of a run that has ended are read by our own readers as what they are. */
async function checkFiles(
  workload: Workload,
  gateway: JournaledGateway,
  { servers }: Header,
): Promise<void> {
  const run = runOfGateway(workload, gateway.state, { engine: { name: "live" } });
  const again = readRunJson(writeRunJson(run), "run.json");
  law(
    isDeepStrictEqual(again.finish, run.finish) && isDeepStrictEqual(again.status, run.status),
    "run.json is the run",
  );
  const csv = writeRequestsCsv(gateway, { chat: false, servers: servers.map(({ url }) => url) });
  const read = readTrace(csv, { source: "requests.csv", format: "live-requests" });
  const rows = await read.then(
    ({ report }) => report.rowsRead,
    (error: Error) => /set aside|trace is empty/.test(error.message) ? run.size : error.message,
  );
  law(rows === run.size, `requests.csv has ${run.size} rows: ${rows}`);
}

/** All that a gateway knows and decides by. */
function knowledgeOf({ record, scheduler, state }: JournaledGateway) {
  const { where, retries, arrived, phase, origin, left, batches, sessions, stopping } = state;
  return {
    record,
    scheduler: scheduler.record,
    factors: scheduler.factors(),
    beliefs: scheduler.beliefs,
    where,
    retrying: retries.size,
    ...{ arrived, phase, origin, left, batches, sessions, stopping },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error);
}
