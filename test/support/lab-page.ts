import type { Browser, Page } from "playwright-core";
import type { RunningLab } from "../../src/reports/jupyter/start-lab.ts";

/** What a reader sees of one code cell in JupyterLab. */
export interface CellOnPage {
  /** `[3]:` once executed. */
  readonly prompt: string;
  /** Texts, tables and figures under the cell. */
  readonly outputs: number;
  /** `<svg>` elements among them that have a size on the page; one inside another counts once. */
  readonly figures: number;
  /** Outputs that are errors or come from stderr: Lab shows both alike. */
  readonly errors: number;
  /** All of the outputs as text. */
  readonly text: string;
}

/** A notebook opened in JupyterLab. */
export class LabPage {
  /** Addresses of requests that left for elsewhere than the server. */
  readonly foreign: string[] = [];

  private constructor(readonly page: Page, private readonly lab: RunningLab) {}

  /** Opens the notebook at `path` under the server's root; resolves when its kernel is idle. */
  static async open(browser: Browser, lab: RunningLab, path: string): Promise<LabPage> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(120_000);
    const opened = new LabPage(page, lab);
    const { host } = new URL(lab.url);
    const watch = (url: string) => {
      const { protocol, host: target } = new URL(url);
      if (/^(http|ws)s?:$/.test(protocol) && target !== host) opened.foreign.push(url);
    };
    page.on("request", (request) => watch(request.url()));
    page.on("websocket", (socket) => watch(socket.url()));
    // Leaving with unsaved changes asks; the tests never keep them.
    page.on("dialog", (dialog) => dialog.accept());
    const name = `test-${crypto.randomUUID()}`;
    const address = new URL(`lab/workspaces/${name}/tree/${path}`, lab.url);
    address.searchParams.set("token", lab.token);
    await page.goto(address.href);
    await opened.idle();
    return opened;
  }

  /** Resolves when the status bar says that the Deno kernel is idle. */
  async idle(): Promise<void> {
    await this.page.getByText("Deno | Idle", { exact: true }).waitFor();
  }

  /** Clicks through the main menu: `choose("Run", "Run All Cells")`. */
  async choose(menu: string, item: string): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel").getByText(menu, { exact: true }).click();
    await this.page.locator(".lm-Menu-itemLabel").getByText(item, { exact: true }).click();
  }

  /** Runs every cell from the menu; resolves when each has its number and the kernel is idle. */
  async runAll(seconds = 60): Promise<void> {
    await this.choose("Run", "Run All Cells");
    await this.page.waitForFunction(
      () =>
        Array.from(
          document.querySelectorAll(".jp-Notebook .jp-CodeCell .jp-InputPrompt"),
          (prompt) => /^\[\d+\]:$/.test(prompt.textContent ?? ""),
        ).every(Boolean),
      undefined,
      { timeout: seconds * 1000 },
    );
    await this.idle();
  }

  /**
   * The code cells from top to bottom. Scrolls to each, as a reader does: Lab does not lay out what
   * is off the screen.
   */
  cells(): Promise<readonly CellOnPage[]> {
    return this.page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const drawn = async (svg: SVGElement) => {
        const deadline = performance.now() + 5000;
        while (svg.getBoundingClientRect().width === 0) {
          if (performance.now() > deadline) return false;
          svg.scrollIntoView();
          await frame();
        }
        return true;
      };
      const seen = [];
      for (const cell of document.querySelectorAll(".jp-Notebook .jp-CodeCell")) {
        cell.scrollIntoView();
        const outputs = [...cell.querySelectorAll<HTMLElement>(".jp-OutputArea-output")];
        const roots = outputs.flatMap((output) => [...output.querySelectorAll("svg")])
          .filter((svg) => svg.parentElement!.closest("svg") === null);
        let figures = 0;
        for (const svg of roots) if (await drawn(svg)) figures++;
        seen.push({
          prompt: cell.querySelector(".jp-InputPrompt")?.textContent ?? "",
          outputs: outputs.length,
          figures,
          errors: outputs.filter(({ dataset }) => dataset.mimeType?.endsWith(".stderr")).length,
          text: outputs.map((output) => output.textContent).join("\n"),
        });
      }
      return seen;
    });
  }

  /** Closes the page and ends the kernels: Lab would hand them to whoever opens it next. */
  async close(): Promise<void> {
    await this.page.close();
    const headers = { Authorization: `token ${this.lab.token}` };
    const answer = await fetch(new URL("api/kernels", this.lab.url), { headers });
    for (const { id } of await answer.json()) {
      const gone = await fetch(new URL(`api/kernels/${id}`, this.lab.url), {
        headers,
        method: "DELETE",
      });
      await gone.body?.cancel();
    }
  }
}
