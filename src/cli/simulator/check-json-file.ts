import type { JsonFile } from "../../files/json/json-file.ts";
import type { Checked, LocatedProblem } from "../../model/problem.ts";

/** The meaning of a file that a person wrote, or everything that is wrong with it; a key must not stand there twice. */
export function checkJsonFile<Value>(
  file: Exclude<JsonFile, { readonly kind: "absent" }>,
  parse: (value: unknown) => Checked<Value>,
): { readonly value: Value | undefined; readonly problems: readonly LocatedProblem[] } {
  if (file.kind === "unusable") return { value: undefined, problems: file.problems };
  const checked = parse(file.value);
  const duplicates = file.duplicates();
  if (checked.ok && duplicates.length === 0) return { value: checked.value, problems: [] };
  const problems = checked.ok ? [] : checked.problems.map((problem) => file.locate(problem));
  return { value: undefined, problems: [...problems, ...duplicates] };
}
