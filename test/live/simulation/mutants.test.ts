import { expect, test } from "vitest";
import { mutant, type Mutation } from "./mutant.ts";
import { simulateLive } from "./simulate-live.ts";

/** Runs after which a mutant that breaks no law has got away. */
const MOST = 600;

const DRIVE = "live/drive.ts";

test.each<[what: string, found: RegExp, ...mutations: Mutation[]]>([
  ["writes down a turn later what it does now", /stands in the journal before it is sent/, {
    file: DRIVE,
    from: "    append(entries);\n    due",
    to: "    append(late);\n    late = entries;\n    due",
  }, { file: DRIVE, from: "  let due = -Infinity;", to: "  let due = -Infinity, late: any = [];" }],
  ["drops what it is told to break off", /are those under way/, {
    file: DRIVE,
    from: "return attempts.abort(command.request, command.attempt);",
    to: "return;",
  }],
  ["leaves attempts open at its end", /is over when its process has ended/, {
    file: DRIVE,
    from: "    attempts.abortAll();\n",
    to: "",
  }],
  ["accepts an answer of an attempt that is not open any more, and each one twice", /twice/, {
    file: "live/open-attempts.ts",
    from: "const ended = this.#ended;",
    to: "const ended = [...this.#ended, ...this.#ended];",
  }, {
    file: "gateway/gateway.ts",
    from: "answer: A): void {\n    if (!this.#isOpen(request, attempt)) return;\n    const server",
    to: "answer: A): void {\n    const server",
  }],
  ["does not wake when an attempt has ended", /are those under way/, {
    file: DRIVE,
    from: "attempts.onNews(wake);",
    to: "",
  }],
  ["wakes half a second after what is due", /what is due at .* is done by/, {
    file: DRIVE,
    from: "await clock.waitUntil(due, sleep.signal);",
    to: "await clock.waitUntil(due + 0.5, sleep.signal);",
  }],
  [
    "forgets what a probe has said",
    /no run is given up for want of servers|no place is free|ends/,
    {
      file: DRIVE,
      from: "probes.push({ server, healthy });",
      to: "",
    },
  ],
  ["goes on watching the clocks when it is over", /no timer is left/, {
    file: DRIVE,
    from: "endWatching();",
    to: "",
  }],
  ["says nothing of a clock that was set", /a change of the system's clock/, {
    file: DRIVE,
    from: "gateway.note(now, what, seconds);",
    to: "void [what, seconds];",
  }],
  ["does not wait for the disk, with --sync always", /takes nothing away that was acted on/, {
    file: "live/journal/journal.ts",
    from: 'if (this.sync === "always") this.#flush();',
    to: "",
  }],
  ["goes on behind half a line", /line of a journal is whole|stands in the journal|InputError/, {
    file: "live/journal/journal.ts",
    from: "file.truncate(bytes);",
    to: "",
  }],
  ["forgets on resume what was under way", /stand still|ends|under way/, {
    file: "gateway/gateway-state.ts",
    from:
      "      this.where[request] = RETRYING;\n      this.retries.push(request, at);\n    }\n  }\n\n  startPhase",
    to: "    }\n  }\n\n  startPhase",
  }],
  ["does not leave a server alone that asks for it", /left alone|waits as long/, {
    file: "gateway/gateway.ts",
    from: "if (after > 0) this.#transitions.hold(at, server, at + after);",
    to: "",
  }],
  [
    "lets the transport send a request again by itself",
    /over the wire once|stands in the journal/,
    {
      file: "live/client/idle-agent.ts",
      from: "request.reusedSocket = false;",
      to: "",
    },
  ],
  ["takes an answer for whole that was cut", /is not completed by|before its answer is there/, {
    file: "live/client/answer-reader.ts",
    from:
      'if (this.#finishReason === null) this.#fail("truncated", "the stream ended without [DONE]");\n    else',
    to: "",
  }, {
    file: "live/client/answer-reader.ts",
    from: 'this.#fail("truncated", "the stream ended without a finish reason");',
    to: "",
  }],
])("a driver that %s is found out", async (_what, found, ...mutations) => {
  const program = await mutant(mutations);
  for (let seed = 1; seed <= MOST; seed++) {
    const { broken } = await simulateLive(seed, { program });
    if (broken === null) continue;
    expect(broken).toMatch(found);
    return;
  }
  expect.unreachable(`no law is broken in ${MOST} runs`);
});
