/**
 * `npm run test:page`: the simulator's page in a real Chromium. With a folder as its parameter it leaves screenshots
 * there. Without Debian's chromium it is skipped, loudly.
 */
import type { Browser } from "playwright-core";
import { launch, missingBrowser } from "./browser.ts";
import { rows } from "./rows.ts";

const [screenshots] = process.argv.slice(2);
const count = { passed: 0, failed: 0 };

const missing = missingBrowser();
if (missing === undefined) {
  const browser = await launch();
  try {
    for (const row of rows) await check(row, browser);
  } finally {
    await browser.close();
  }
} else {
  process.stdout.write(`SKIPPED the simulator's page in a browser: ${missing}\n`);
}
process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`);
process.exitCode = count.failed === 0 ? 0 : 1;

async function check({ name, run }: (typeof rows)[number], browser: Browser): Promise<void> {
  try {
    await run(browser, screenshots);
    count.passed++;
    process.stdout.write(`ok      ${name}\n`);
  } catch (error) {
    count.failed++;
    process.stdout.write(`FAILED  ${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
