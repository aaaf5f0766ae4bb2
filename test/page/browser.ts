import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { Simulator, type SimulatorOptions } from "../../src/simulator/index.ts";

const program = "/usr/bin/chromium";

/** Why there is no browser; undefined when there is one. */
export function missingBrowser(): string | undefined {
  return existsSync(program) ? undefined : `there is no ${program} (Debian's package chromium)`;
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/** A page of a simulator of its own, and all that a console would complain about. */
export class Visit {
  readonly simulator: Simulator;
  readonly page: Page;
  readonly complaints: string[];
  readonly #screenshots: string | undefined;

  private constructor(simulator: Simulator, page: Page, screenshots: string | undefined) {
    this.simulator = simulator;
    this.page = page;
    this.complaints = complaintsOf(page);
    this.#screenshots = screenshots;
  }

  static async begin(
    browser: Browser,
    screenshots: string | undefined,
    { options = {}, look = {} }: { readonly options?: SimulatorOptions; readonly look?: BrowserContextOptions } = {},
  ): Promise<Visit> {
    const simulator = await Simulator.start({ httpPort: 0, ...options });
    const context = await browser.newContext({ reducedMotion: "reduce", ...look });
    context.setDefaultTimeout(30_000);
    const visit = new Visit(simulator, await context.newPage(), screenshots);
    await visit.page.goto(simulator.httpUrl ?? "");
    await visit.page.getByText("live", { exact: true }).waitFor();
    return visit;
  }

  /** For people to look at; only where a folder was named. */
  async screenshot(name: string): Promise<void> {
    if (this.#screenshots === undefined) return;
    await this.page.screenshot({ path: join(this.#screenshots, `${name}.png`), fullPage: true });
  }

  /** Ends without a complaint. */
  async end(): Promise<void> {
    await this.page.context().close();
    await this.simulator.close();
    assert.deepEqual(this.complaints, []);
  }
}

function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    // A page that goes, or asks for secrets, leaves its events.
    const left = request.url().includes("/simulator/events") && request.failure()?.errorText === "net::ERR_ABORTED";
    if (!left) complaints.push(`${request.method()} ${request.url()} failed: ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return complaints;
}
