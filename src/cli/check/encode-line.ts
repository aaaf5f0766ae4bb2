import type { CheckLine } from "../../check/line.ts";

/** A line as JSON (schema/check.schema.json). */
export function encodeLine({ group, name, state, found, remedy, becauseOf, code }: CheckLine) {
  return {
    ...{ type: "check", group, name, state, found },
    ...(remedy === undefined ? {} : { remedy }),
    ...(becauseOf === undefined ? {} : { because_of: becauseOf }),
    ...(code === undefined ? {} : { code }),
  };
}
