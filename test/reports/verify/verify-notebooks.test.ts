import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canonicalJson } from "../../../src/files/canonical-json.ts";
import { selectNotebooks } from "../../../src/reports/report/select-notebooks.ts";
import { verifyNotebooks } from "../../../src/reports/verify/verify-notebooks.ts";
import { result } from "./results.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Manifest without figures, so that a notebook of one cell can write all of its result. */
const manifest = { ...result().manifest, notebook: "tiny", figures: [] };
const folders = { notebooks: "", figures: "", kept: "" };

const TINY = `const folder = Deno.env.get("DRIFTSCHED_FIGURES") + "/tiny";
await Deno.mkdir(folder, { recursive: true });
await Deno.writeTextFile(folder + "/manifest.json", ${JSON.stringify(canonicalJson(manifest))});`;

function notebook(source: string): string {
  const cell = {
    cell_type: "code",
    id: "only",
    metadata: {},
    execution_count: null,
    source,
    outputs: [],
  };
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] });
}

async function commit(value: unknown): Promise<void> {
  await Deno.writeTextFile(join(folders.figures, "tiny", "manifest.json"), canonicalJson(value));
}

async function verify(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "src/tasks/verify.ts", ...args],
    cwd: root,
    env: { DRIFTSCHED_FIGURES: folders.figures },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

beforeAll(async () => {
  folders.notebooks = await Deno.makeTempDir();
  folders.figures = await Deno.makeTempDir();
  folders.kept = await Deno.makeTempDir();
  await Deno.mkdir(join(folders.figures, "tiny"));
  await Deno.writeTextFile(join(folders.notebooks, "tiny.ipynb"), notebook(TINY));
  await Deno.writeTextFile(
    join(folders.notebooks, "broken.ipynb"),
    notebook("throw new Error('no luck')"),
  );
});

afterAll(async () => {
  await Deno.remove(folders.notebooks, { recursive: true });
  await Deno.remove(folders.figures, { recursive: true });
  await Deno.remove(folders.kept, { recursive: true });
});

const tiny = () => join(folders.notebooks, "tiny.ipynb");

test("a notebook that leaves what is committed is identical, and the exit code is 0", async () => {
  await commit(manifest);
  const { code, stdout } = await verify(tiny());
  expect(stdout).toBe("10 of 10 identical\n");
  expect(code).toBe(0);
  const committed = await Deno.readTextFile(join(folders.figures, "tiny", "manifest.json"));
  expect(committed).toBe(canonicalJson(manifest));
});

test("differences are told and the exit code is 1; a failed notebook names its cell", async () => {
  const claims = manifest.claims.map((claim) => ({ ...claim, verdict: "undecided" }));
  await commit({ ...manifest, claims: [claims[0], manifest.claims[1]] });
  const { code, stdout } = await verify(tiny(), join(folders.notebooks, "broken.ipynb"), "--json");
  expect(JSON.parse(stdout)).toEqual({
    identical: 9,
    total: 11,
    differences: [
      {
        notebook: "tiny",
        kind: "claim",
        name: "C1",
        details: ['verdict: committed "undecided", now "reproduced"'],
      },
      {
        notebook: "broken",
        kind: "run",
        name: "broken",
        details: [expect.stringMatching(/^cell 1 .*failed \(error\): Error: no luck/)],
      },
    ],
    repeated: [{
      notebook: "tiny",
      differences: [expect.objectContaining({ name: "C1" })],
      second: "as the first run",
      kept: null,
    }],
  });
  expect(code).toBe(1);
});

/** Verifies a notebook whose n-th run writes the n-th of these manifests. */
async function verifyRuns(runs: readonly unknown[]) {
  const count = await Deno.makeTempFile();
  const source = `const runs = ${JSON.stringify(runs.map((run) => canonicalJson(run)))};
const n = Deno.readTextFileSync(${JSON.stringify(count)}).length;
Deno.writeTextFileSync(${JSON.stringify(count)}, "x", { append: true });
const folder = Deno.env.get("DRIFTSCHED_FIGURES") + "/tiny";
await Deno.mkdir(folder, { recursive: true });
await Deno.writeTextFile(folder + "/manifest.json", runs[n]);`;
  const path = join(folders.notebooks, "wavering.ipynb");
  try {
    await Deno.writeTextFile(path, notebook(source));
    const [selected] = await selectNotebooks([path], { root, cwd: root, parameters: {} });
    const verified = await verifyNotebooks([{ ...selected, name: "tiny" }], {
      figures: folders.figures,
      complete: false,
      keep: folders.kept,
    });
    return { verified, times: (await Deno.readTextFile(count)).length };
  } finally {
    await Deno.remove(count);
  }
}

test("a difference that the second run does not show is told, and what the first made is kept", async () => {
  await commit(manifest);
  const other = { ...manifest, claims: [{ ...manifest.claims[0], verdict: "undecided" }] };
  const { verified, times } = await verifyRuns([other, manifest]);
  expect(times).toBe(2);
  const [{ kept, ...repeated }] = verified.repeated;
  expect(verified.differences).toEqual([]);
  expect(repeated.second).toBe("as committed");
  expect(repeated.differences[0]).toMatchObject({ notebook: "tiny", kind: "claim" });
  expect(await Deno.readTextFile(join(kept!, "manifest.json"))).toBe(canonicalJson(other));
});

test("two runs that differ otherwise are both told", async () => {
  await commit(manifest);
  const [one, two] = ["undecided", "refuted"].map((verdict) => ({
    ...manifest,
    claims: [{ ...manifest.claims[0], verdict }],
  }));
  const { verified } = await verifyRuns([one, two]);
  expect(verified.repeated[0].second).toBe("otherwise again");
  expect(verified.differences.length).toBeGreaterThan(0);
  expect(verified.repeated[0].kept).not.toBeNull();
});

test("a notebook that leaves what is committed runs once", async () => {
  await commit(manifest);
  const { verified, times } = await verifyRuns([manifest]);
  expect([times, verified.differences, verified.repeated]).toEqual([1, [], []]);
});

test("committed figures of a notebook that is gone are a difference where all are verified", async () => {
  const options = { figures: folders.figures, keep: folders.kept };
  expect(await verifyNotebooks([], { ...options, complete: false }))
    .toEqual({ total: 0, differences: [], repeated: [] });
  expect(await verifyNotebooks([], { ...options, complete: true })).toEqual({
    total: 1,
    differences: [{
      notebook: "tiny",
      kind: "manifest",
      name: "tiny",
      details: ["committed, but of no notebook"],
    }],
    repeated: [],
  });
});

test("a notebook that does not exist is refused by name", async () => {
  const { code, stdout, stderr } = await verify("nothing");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain('field notebook: got "nothing"');
});
