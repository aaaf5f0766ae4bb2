import * as v from "valibot";
import { checkGroups } from "../../check/line.ts";

const described = <Schema extends v.GenericSchema>(schema: Schema, text: string) => v.pipe(schema, v.description(text));

/** A line of `check --json`: something that was looked at, or, last, the outcome. */
export const checkLine = v.variant("type", [
  v.strictObject({
    type: v.literal("check"),
    group: described(v.picklist(checkGroups), "What was looked at; a group depends on those before it."),
    name: described(v.string(), "What of it, such as provision.json."),
    state: described(
      v.picklist(["ok", "warning", "failed", "skipped"]),
      "skipped: absent, not asked for, or hidden by another failure.",
    ),
    found: described(v.string(), "What was found there, for people; perhaps several lines. Never a secret."),
    remedy: described(v.optional(v.string()), "What to do about it."),
    because_of: described(v.optional(v.picklist(checkGroups)), "The group whose failure hides this."),
    code: described(v.optional(v.string()), "The code of the error or warning (docs/errors.md)."),
  }),
  v.strictObject({
    type: v.literal("outcome"),
    result: v.picklist(["passed", "failed"]),
    exit_status: described(v.picklist([0, 73, 74, 75, 77, 78]), "That of the worst failure."),
  }),
]);
