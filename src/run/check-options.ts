import { describe, unknownKey } from "../model/check.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { Problem } from "../model/problem.ts";
import type { ProvisionOptions } from "./provision-options.ts";

/** Every option, and what kind of value it takes. */
const kinds = {
  directory: "text",
  signal: "object",
  wait: "boolean",
  newIdentity: "boolean",
  noBody: "boolean",
  bodyReplaced: "boolean",
  bodyFile: "text",
  requireTls: "boolean",
  caFile: ["text", "list"],
  serverName: "text",
  proxy: "text",
  pinnedPublicKeys: "list",
  credentialsDirectory: "text",
  strictFiles: "boolean",
  allowSharedFolder: "boolean",
  deviceIdWithin: "number",
  requestCertificate: "function",
  onStatus: "function",
  onWarning: "function",
  onRetry: "function",
  onExchange: "function",
  onTry: "function",
  files: "object",
  clock: "object",
  randomness: "object",
  connect: "function",
  diagnose: "function",
} as const satisfies Record<keyof ProvisionOptions, string | readonly string[]>;

/**
 * Refuses options that JavaScript lets pass: a misspelt one would be ignored, and the camera provisioned in another
 * folder, or over plain text.
 *
 * @throws ProvisioningError USAGE
 */
export function checkOptions(options: unknown): void {
  const problems = problemsOf(options).map((problem) => ({ ...problem, file: "options" }));
  if (problems.length > 0) throw new ProvisioningError("USAGE", "these options cannot be used:", { problems });
}

function problemsOf(options: unknown): readonly Problem[] {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    return [{ path: [], found: describe(options), expected: "an object, such as { directory: … }" }];
  const known: Readonly<Record<string, string | readonly string[]>> = kinds;
  return Object.entries(options).flatMap(([key, value]: readonly [string, unknown]) => {
    const kind = Object.hasOwn(known, key) ? known[key] : undefined;
    if (kind === undefined) return [unknownKey(key, Object.keys(kinds))];
    const fitting = [kind].flat();
    if (value === undefined || fitting.includes(kindOf(value))) return [];
    return [{ path: [key], found: describe(value), expected: `a value of the kind ${fitting.join(" or ")}` }];
  });
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value === "string" ? "text" : typeof value;
}
