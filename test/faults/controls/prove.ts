import type { Violation } from "../harness/invariants.ts";
import { type Case, type Result, resultOf } from "../harness/method.ts";
import { builtCommand } from "../harness/program.ts";
import { missingPrograms } from "../harness/requirements.ts";
import type { Control } from "./controls.ts";
import { buildVariant } from "./variant.ts";

/**
 * Every control must be red, by an invariant that it breaks, and the same check with the real program green: else the
 * check is blind, or cries wolf (method 8).
 */
export async function proveTheHarness(controls: readonly Control[], real = builtCommand): Promise<Result> {
  const cases: Case[] = [];
  const notes: string[] = [];
  const skipped: string[] = [];
  for (const [index, control] of controls.entries()) {
    const missing = control.needs === undefined ? [] : missingPrograms(control.needs);
    if (missing.length > 0) {
      skipped.push(`${control.what}: ${missing.join(", ")}`);
      continue;
    }
    using variant = control.changes.length === 0 ? undefined : await buildVariant(`control-${index}`, control.changes);
    const found = namesIn(await control.check(variant?.command ?? real, "control"));
    const isRed = control.red.some((invariant) => found.includes(invariant));
    const cry = control.isOtherMethod ? [] : await control.check(real, "real");
    const blind: Violation = {
      invariant: control.red[0] ?? "R",
      what: `the control is not red: ${found.length === 0 ? "nothing is" : found.join(", ")} found`,
    };
    cases.push({ what: control.what, violations: [...(isRed ? [] : [blind]), ...cry] });
    if (isRed) notes.push(`red by ${found.join(", ")}: ${control.what}`);
  }
  return resultOf(cases, notes, skipped);
}

function namesIn(violations: readonly Violation[]) {
  return [...new Set(violations.map(({ invariant }) => invariant))].sort();
}
