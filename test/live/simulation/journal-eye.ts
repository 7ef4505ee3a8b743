import type { Entry } from "../../../src/live/journal/entry.ts";
import { BrokenLaw, law } from "../support/journal-laws.ts";

/** What a journal says at this moment, as somebody reads it from the disk while it is written. */
export class JournalEye {
  /** Attempts of each request, by its row, that the journal has said to be sent. */
  readonly attempts = new Map<number, number>();
  /** Requests that are open by the journal, with their servers. */
  readonly open = new Map<number, number>();
  /** Requests with an accepted answer. */
  readonly accepted = new Set<number>();
  /** Kinds of the entries read so far. */
  entries: Entry[] = [];
  #offset = 0;
  #line = 0;
  readonly #gathered = new Map<number, number[]>();

  /** @param contentOf the bytes that are on the disk now; null: no journal */
  constructor(private readonly contentOf: () => Uint8Array | null) {}

  /** Forgets all, and reads from the beginning. */
  again(): void {
    this.attempts.clear();
    this.open.clear();
    this.accepted.clear();
    this.#gathered.clear();
    this.entries = [];
    this.#offset = this.#line = 0;
    this.look();
  }

  /** Reads what has come since. */
  look(): void {
    const bytes = this.contentOf();
    if (bytes === null) return;
    law(bytes.length >= this.#offset, "a journal does not get shorter");
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end <= this.#offset) return;
    const text = new TextDecoder().decode(bytes.subarray(this.#offset, end - 1));
    this.#offset = end;
    for (const line of text.split("\n")) {
      if (this.#line++ > 0) this.#take(entryOf(line));
    }
  }

  #take(entry: Entry): void {
    this.entries.push(entry);
    switch (entry.kind) {
      case "session":
        this.open.clear();
        this.#gathered.clear();
        break;
      case "sent":
        this.#send(entry.request, entry.server);
        break;
      case "pulled":
        this.#gathered.set(entry.server, [
          ...this.#gathered.get(entry.server) ?? [],
          entry.request,
        ]);
        break;
      case "batch":
        for (const request of this.#gathered.get(entry.server) ?? []) {
          this.#send(request, entry.server);
        }
        this.#gathered.delete(entry.server);
        break;
      case "completed":
        law(!this.accepted.has(entry.request), `request ${entry.request} is accepted once`);
        this.accepted.add(entry.request);
        this.open.delete(entry.request);
        break;
      case "retry":
      case "failed":
      case "rejected":
      case "cancelled":
        this.open.delete(entry.request);
    }
  }

  #send(request: number, server: number): void {
    this.attempts.set(request, (this.attempts.get(request) ?? 0) + 1);
    this.open.set(request, server);
  }
}

function entryOf(line: string): Entry {
  try {
    return JSON.parse(line);
  } catch {
    throw new BrokenLaw(`each line of a journal is whole: ${line}`);
  }
}
