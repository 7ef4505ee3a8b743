import type { FleetView } from "./routers/router.ts";

/** What the gateway knows of one server. */
interface ServerState {
  /** Requests open there. */
  open: number;
  /** Whether it takes part. */
  in: boolean;
  /** Failures in a row that were its fault. */
  failures: number;
  /** Asked to be left alone until then. */
  heldUntil: number;
  /** When it is probed next, Infinity while it is in or a probe is under way; and how often it was. */
  probeAt: number;
  probes: number;
}

/** A server that nothing is known of yet. */
const unused = (): ServerState => ({
  open: 0,
  in: true,
  failures: 0,
  heldUntil: 0,
  probeAt: Infinity,
  probes: 0,
});

/** The servers behind a gateway: who takes part, and how many requests are open where. */
export class ServerPool implements FleetView {
  readonly servers: readonly ServerState[];
  /** Since when no server has taken part; Infinity while one does. */
  noneSince = Infinity;
  /** Requests open at all servers together. */
  openInAll = 0;
  /** Whether no server was ever taken out or asked to be left alone: then there is nothing to watch. */
  calm = true;
  /** Requests open at a server at most; and the instant that {@link takes} speaks of. */
  #window: number;
  #now = 0;

  /** @param window requests open at each server at most. @default no limit */
  constructor(count: number, window = Infinity) {
    this.servers = Array.from({ length: count }, unused);
    this.#window = window;
  }

  get size(): number {
    return this.servers.length;
  }

  open(server: number): number {
    return this.servers[server].open;
  }

  takes(server: number): boolean {
    return this.servers[server].open < this.#window && this.isWilling(server, this.#now);
  }

  /** Whether `server` takes part and has not asked to be left alone at `now`. */
  isWilling(server: number, now: number): boolean {
    if (this.calm) return true;
    const { in: taking, heldUntil } = this.servers[server];
    return taking && heldUntil <= now;
  }

  /** Whether any server takes a request at `now`; {@link takes} speaks of this instant from now on. */
  anyTakes(now: number): boolean {
    this.#now = now;
    for (let server = 0; server < this.servers.length; server++) {
      if (this.takes(server)) return true;
    }
    return false;
  }

  /** A request more, or less, is open at `server`. */
  count(server: number, change: 1 | -1): void {
    this.servers[server].open += change;
    this.openInAll += change;
  }

  /** A process takes the run up: nothing is open, and every server gets a chance. */
  reset(): void {
    for (const server of this.servers) Object.assign(server, unused());
    this.noneSince = Infinity;
    this.openInAll = 0;
    this.calm = true;
  }

  takeOut(server: number, at: number): void {
    this.calm = false;
    Object.assign(this.servers[server], { in: false, probes: 0, probeAt: Infinity });
    if (this.servers.every((each) => !each.in)) this.noneSince = Math.min(this.noneSince, at);
  }

  takeIn(server: number): void {
    Object.assign(this.servers[server], { in: true, failures: 0, probeAt: Infinity });
    this.noneSince = Infinity;
  }

  hold(server: number, until: number): void {
    this.calm = false;
    const state = this.servers[server];
    state.heldUntil = Math.max(state.heldUntil, until);
  }

  /** The next instant after `now` at which a server wants attention. */
  nextTimer(now: number): number {
    let next = Infinity;
    if (this.calm) return next;
    for (const { probeAt, heldUntil } of this.servers) {
      next = Math.min(next, probeAt);
      if (heldUntil > now) next = Math.min(next, heldUntil);
    }
    return next;
  }
}
