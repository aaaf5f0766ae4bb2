import { createHash } from "node:crypto";
import type { HttpAnswer } from "./answer.ts";

/** The page in one file, made of src/simulator/page by scripts/page.mjs. Not there where nobody built it. */
declare const SIMULATOR_PAGE: string | undefined;

const notBuilt = "<!doctype html><html lang=en><title>Not built</title><p>This simulator was not built: npm run build.";

/** Nothing but what stands in the page itself runs or styles it, and texts never become elements (trusted types). */
export function page(): HttpAnswer {
  const body = typeof SIMULATOR_PAGE === "undefined" ? notBuilt : SIMULATOR_PAGE;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(body, "script")}`,
    `style-src ${hashOf(body, "style")}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return { status: 200, contentType: "text/html;charset=utf-8", body, policy };
}

/** Of the only element of that name. */
function hashOf(html: string, element: "script" | "style"): string {
  const begin = html.indexOf(`<${element}>`);
  if (begin === -1) return "'none'";
  const content = html.slice(begin + element.length + 2, html.lastIndexOf(`</${element}>`));
  return `'sha256-${createHash("sha256").update(content, "utf8").digest("base64")}'`;
}
