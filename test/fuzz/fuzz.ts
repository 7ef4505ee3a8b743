/**
 * `deno task fuzz`: a standing attack on every side of the program that strangers reach. Gives it the
 * corpus, then inputs drawn by a seed, and prints what broke a promise, made small, with the command
 * that repeats it. Exit code 1 where anything did.
 */
import { InputError } from "../../src/errors/input-error.ts";
import { exitWith, readArguments, refuseUsage } from "../../src/tasks/command-line.ts";
import { attackInThread } from "./attack-in-thread.ts";
import { keepInput } from "./corpus.ts";
import type { AttackReport, Finding } from "./run-surface.ts";
import { SURFACES } from "./surfaces.ts";

const NAMES = SURFACES.map(({ name }) => name);
const USAGE = `Usage: deno task fuzz [--minutes n] [--surface ${NAMES.join("|")}] [--seed n]
         [--inputs n] [--input n] [--save] [--json]

  --minutes n   for all surfaces together (1); the corpus is replayed whatever that takes
  --surface s   one surface alone
  --seed n      of the inputs (1): the same seed gives the same inputs
  --inputs n    so many inputs of each surface, however long they take, in place of minutes
  --input n     this one input alone, and no corpus
  --save        keeps what broke a promise in test/fuzz/corpus, to be replayed from then on
  --json        one line of JSON a surface

${SURFACES.map(({ name, promise }) => `${name}: ${promise}`).join("\n")}`;

/** Characters of an input that are printed. */
const SHOWN = 500;

function number(text: string | undefined, field: string, whole: boolean): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < Infinity && (!whole || Number.isInteger(value))) {
    return value;
  }
  const expected = `${whole ? "a whole number" : "a number"} from 0`;
  throw new InputError({ file: "command line", field: `--${field}`, value: text, expected });
}

function shown({ bytes }: Finding): string {
  const text = JSON.stringify(new TextDecoder().decode(bytes));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${bytes.length} bytes)` : text;
}

function print({ surface, seed, inputs, findings, seconds }: AttackReport): void {
  for (const finding of findings) {
    const times = finding.count > 1 ? `, and ${finding.count - 1} more` : "";
    console.log(`${surface}: input ${finding.input}${times} (${finding.kind}) ${finding.broken}`);
    if (finding.bytes.length > 0) console.log(`  made small: ${shown(finding)}`);
    console.log(`  again: ${finding.command}`);
  }
  const found = findings.length === 0 ? "nothing broke" : `${findings.length} broke the promise`;
  console.log(`${surface}: ${inputs} inputs of seed ${seed} in ${seconds.toFixed(1)} s: ${found}`);
}

function printJson({ findings, ...rest }: AttackReport): void {
  const told = findings.map(({ bytes, ...finding }) => ({ ...finding, base64: bytes.toBase64() }));
  console.log(JSON.stringify({ ...rest, findings: told }));
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments({
    options: {
      minutes: { type: "string" },
      surface: { type: "string" },
      seed: { type: "string" },
      inputs: { type: "string" },
      input: { type: "string" },
      save: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.length > 0) refuseUsage(positionals, USAGE);
  const { surface } = values;
  if (surface !== undefined && !NAMES.includes(surface)) {
    const expected = `one of ${NAMES.join(", ")}`;
    throw new InputError({ file: "command line", field: "--surface", value: surface, expected });
  }
  const chosen = surface === undefined ? NAMES : [surface];
  const minutes = number(values.minutes, "minutes", false) ?? 1;
  const seed = number(values.seed, "seed", true) ?? 1;
  const one = number(values.input, "input", true);
  const inputs = one === undefined ? number(values.inputs, "inputs", true) : 1;
  let broken = 0;
  for (const name of chosen) {
    const report = await attackInThread(name, {
      seed,
      ...one !== undefined && { first: one, replay: false },
      ...inputs === undefined ? { milliseconds: 60_000 * minutes / chosen.length } : { inputs },
    });
    broken += report.findings.length;
    (values.json ? printJson : print)(report);
    if (!values.save) continue;
    for (const finding of report.findings) {
      if (finding.kind !== "") console.error(`kept in ${await keepInput(name, finding)}`);
    }
  }
  return broken > 0 ? 1 : 0;
}

await exitWith(main);
