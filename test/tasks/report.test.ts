import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fixture = (name: string) => join(root, "test/fixtures/notebooks", `${name}.ipynb`);

let figures: string;
beforeEach(async () => {
  figures = await mkdtemp(join(tmpdir(), "driftsched-report-"));
});
afterEach(() => rm(figures, { recursive: true }));

function start(...args: string[]) {
  const child = spawn(Deno.execPath(), ["run", "-A", "src/tasks/report.ts", ...args], {
    cwd: root,
    env: { ...process.env, DRIFTSCHED_FIGURES: figures, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => said.stdout += chunk);
  child.stderr.on("data", (chunk) => said.stderr += chunk);
  const ended = new Promise<typeof said & { code: number | null }>((resolve) =>
    child.on("close", (code) => resolve({ ...said, code }))
  );
  return { child, ended };
}

const report = (...args: string[]) => start(...args).ended;
const reports = async () => (await readdir(join(figures, "reports"))).sort();

test("report prints the verdicts and, last, the paths of the reports it wrote", async () => {
  const { code, stdout, stderr } = await report(
    fixture("small"),
    "-p",
    "label=hello",
    "-p",
    "seeds=5",
  );
  expect(stderr).toMatch(/^small: 4 cells\n(small: cell .*\n)*small: done after \d+\.\d s\n$/);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.slice(-3)).toEqual([
    "Reports:",
    join(figures, "reports", "index.html"),
    join(figures, "reports", "small.html"),
  ]);
  expect(stdout).toMatch(
    /C1 +The error falls +-0\.388 +\[-0\.410, -0\.360\] +-0\.400 +reproduced/,
  );
  expect(await reports()).toEqual(["index.html", "small.html", "small.ipynb"]);
  const executed = await readFile(join(figures, "reports", "small.ipynb"), "utf8");
  expect(executed).toContain('"hello 5\\n"');
  expect(executed).toContain("injected-parameters");
  const html = await readFile(join(figures, "reports", "small.html"), "utf8");
  expect(html).toContain("<h1>A small notebook</h1>");
  expect(html).toContain("seeds 5");
  expect(html).toContain("3 paired seeds, 1 to 3");
  expect(html).toContain("1".repeat(64));
  expect(await readFile(join(figures, "reports", "index.html"), "utf8")).toContain("small.html");
});

test("report --json of a notebook that fails and one that does not", async () => {
  const { code, stdout, stderr } = await report("--json", fixture("failing"), fixture("small"));
  expect(code).toBe(1);
  expect(stderr).toContain(
    'failing: cell 2 (id c2, `throw new Error("as intended");`) failed (error)\n' +
      "  Error: as intended\n",
  );
  const data = JSON.parse(stdout);
  expect(data.reports).toEqual(
    ["failing", "small"].map((name) => join(figures, "reports", `${name}.html`)),
  );
  expect(data.figures).toEqual(
    ["svg", "png", "csv"].map((type) => join(figures, "small", `dots.${type}`)),
  );
  expect(data.claims).toMatchObject([
    { id: "C1", effect: -0.388, low: -0.41, high: -0.36, paper: -0.4, verdict: "reproduced" },
  ]);
  expect(data.failures).toMatchObject([{ notebook: "failing", evalue: "as intended" }]);
  expect(await reports()).toEqual(
    ["failing.html", "failing.ipynb", "index.html", "small.html", "small.ipynb"],
  );
  const executed = await readFile(join(figures, "reports", "failing.ipynb"), "utf8");
  expect(executed).toContain('"before\\n"');
  expect(executed).not.toContain('"never\\n"');
});

test("report names the cell where a parameter has a wrong value", async () => {
  const { code, stderr } = await report(fixture("small"), "-p", "seeds=-1");
  expect(code).toBe(1);
  expect(stderr).toContain("small: cell 3 (id c2, ");
  expect(stderr).toContain("Too small: expected number to be >=1");
});

test.each([
  { args: [fixture("small"), "-p", "bogus=1"], reason: "small (seeds, label, rates)" },
  { args: ["no-such-notebook"], reason: 'field notebook: got "no-such-notebook"' },
  { args: ["--jsn"], reason: "Unknown option '--jsn'" },
])("report $args is refused before anything runs", async ({ args, reason }) => {
  const { code, stdout, stderr } = await report(...args);
  expect(code).toBe(1);
  expect(stderr).toContain(reason);
  expect(stderr).not.toContain("    at ");
  expect(stdout).toBe("");
  expect(await readdir(figures)).toEqual([]);
});

test("report --help says how it is used", async () => {
  const { code, stdout } = await report("--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: deno task report/);
});

test("report ends its kernels at once on Ctrl-C, keeps what there is, and exits with 130", async () => {
  const { child, ended } = start(fixture("endless"));
  while (!existsSync(join(figures, "started"))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  process.kill(child.pid!, "SIGINT");
  const { code, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toMatch(/endless: cell 2 \(id c1, .*\) failed \(interrupted\)/);
  const executed = await readFile(join(figures, "reports", "endless.ipynb"), "utf8");
  const pid = Number(/pid (\d+)/.exec(executed)?.[1]);
  expect(() => process.kill(pid, 0)).toThrow();
});
